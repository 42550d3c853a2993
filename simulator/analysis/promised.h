// Compares a run with what its settings promise: that acknowledged writes survive
// (simulator/promise/promise.h), and guarantees to readers (simulator/promise/guarantee_promise.h).
#pragma once

#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/promise/guarantee_promise.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Sets report.promise, and adds a breach for each promise that the run breaks. `resolved` is the
// run's resolved scenario; `report` has the fates of writes and the summary of consistency. The
// promises stay absent if a node died by itself or a user injected a fault by hand: they cover only
// faults that the scenario names.
void CheckPromise(const proto::Scenario& resolved, const Recording& recording,
                  proto::RunReport& report);

// A promised guarantee that did not hold.
struct BrokenGuarantee {
  std::string name;  // as in protos/guarantees.proto
  std::string text;  // one line: how often it was violated, why it is promised, an example
};
// Strongest first.
std::vector<BrokenGuarantee> FindBrokenGuarantees(const std::vector<GuaranteePromise>& promises,
                                                  const proto::ConsistencySummary& summary);

}  // namespace replsim
