// What a recording must never show, whatever the faults: the rules of the protocol, computed anew
// from what every node traced and every client was told. The cores check themselves as they run;
// these know nothing of them, only the knobs and the records. One file per rule, each pure.
//
// They hold for every mode, so a sentence here is a bug of replsim, and of no setting.
#pragma once

#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// All of the below; a sentence for each rule that is broken and each node that breaks it.
// `resolved` is the scenario that was run, `report` what was found out about the run so far.
std::vector<std::string> FindViolations(const proto::Scenario& resolved, const Recording& recording,
                                        const proto::RunReport& report);

// A node that starts again has at least what it had said was flushed, to itself or to a primary.
std::vector<std::string> FindForgottenFlushes(const proto::Scenario& resolved,
                                              const Recording& recording);

// What a primary learned of a replica had happened there before.
std::vector<std::string> FindFalseReports(const Recording& recording);

// Writes are sent, logged, released, shown and acknowledged only past the stages that the knobs
// name, on as many replicas as they name.
std::vector<std::string> FindEarlyReleases(const proto::Scenario& resolved,
                                           const Recording& recording);

// A replica that applies on commit applies nothing that nobody had committed.
std::vector<std::string> FindEarlyApplies(const proto::Scenario& resolved,
                                          const Recording& recording);

// Reads at a position see their own client's writes and never go back; where nothing is shown
// before it is safe, nothing that was seen is lost; who is fenced answers no read meant for the
// primary. A write whose ticket was answered lost stays lost.
std::vector<std::string> FindWrongReads(const proto::Scenario& resolved, const Recording& recording,
                                        const proto::RunReport& report);

// What was cut from a log lies beside it, and a node that flushes at intervals does so to the end.
std::vector<std::string> FindLeftovers(const proto::Scenario& resolved, const Recording& recording);

}  // namespace replsim
