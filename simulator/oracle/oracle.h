// Checks a recording for violations of the protocol's rules, which must hold under any faults. The
// rules are recomputed from the traces of all nodes and the answers to all clients. The cores check
// themselves while they run; these checks are independent of them and use only the knobs and the
// records. One file per rule, each pure.
//
// The rules hold for every mode, so each sentence returned is a bug of replsim, not of a setting.
#pragma once

#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Runs all checks below. Returns one sentence per violated rule and node. `resolved` is the
// resolved scenario of the run; `report` is the analysis of the run so far.
std::vector<std::string> FindViolations(const proto::Scenario& resolved, const Recording& recording,
                                        const proto::RunReport& report);

// A restarted node has at least everything that it had reported as flushed, to itself or to a
// primary.
std::vector<std::string> FindForgottenFlushes(const proto::Scenario& resolved,
                                              const Recording& recording);

// A position that a primary learned of a replica had been reached by that replica before.
std::vector<std::string> FindFalseReports(const Recording& recording);

// Writes are sent, logged, released, shown and acknowledged only after the stages that the knobs
// name, on as many replicas as they name.
std::vector<std::string> FindEarlyReleases(const proto::Scenario& resolved,
                                           const Recording& recording);

// A replica with replica_apply: on-commit applies no entry that no primary had committed.
std::vector<std::string> FindEarlyApplies(const proto::Scenario& resolved,
                                          const Recording& recording);

// Reads that wait for a position see their client's own writes and never go back. If writes are
// shown only after they are safe, no write that was read is lost. A fenced primary answers no read
// that is addressed to the primary. A write whose ticket was reported lost stays lost.
std::vector<std::string> FindWrongReads(const proto::Scenario& resolved, const Recording& recording,
                                        const proto::RunReport& report);

// Truncated log entries are kept in the rollback file, and a node with sync: interval keeps
// flushing until the end.
std::vector<std::string> FindMissingFlushesAndRollbacks(const proto::Scenario& resolved,
                                                        const Recording& recording);

// At most one node leads an epoch.
std::vector<std::string> FindTwoLeaders(const Recording& recording);

// A node votes for one candidate in an epoch, itself included, and never in an epoch below one that
// it has voted in. Restarts change nothing.
std::vector<std::string> FindTwoVotes(const Recording& recording);

// If the nodes elect their primary: an elected node, or the witness that picked it, had the votes
// of as many nodes as failover.granted_by asks for, and no other node leads. Epoch 1 needs no
// election.
std::vector<std::string> FindUnelectedLeaders(const proto::Scenario& resolved,
                                              const Recording& recording);

// With failover.unclean_restart: not-eligible: a node that was not shut down in order does not
// stand before a primary to which it has connected since publishes it in its in-sync set.
std::vector<std::string> FindIneligibleCandidates(const proto::Scenario& resolved,
                                                  const Recording& recording);

// With failover.lease, and clocks whose difference lease_margin covers: a primary commits nothing
// after another node has begun a higher epoch. Not judged live, where a process can be stopped
// between the check of its lease and the commit.
std::vector<std::string> FindOverlappingLeads(const proto::Scenario& resolved,
                                              const Recording& recording);

// If the nodes elect their primary and no election loses an acknowledged write by its settings
// (simulator/promise/elected_promise.h): a new primary begins with every protected write that a
// primary of a lower epoch acknowledged.
std::vector<std::string> FindLossyElections(const proto::Scenario& resolved,
                                            const Recording& recording);

}  // namespace replsim
