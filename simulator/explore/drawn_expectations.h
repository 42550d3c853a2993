// Which expectations of a scenario also make sense when drawn faults replace its own, and their
// verdicts on one run. Pure.
//
// A condition is judged if all of this is true:
//   - It is about the data: lost, torn or duplicated writes, what readers saw, equal nodes at the
//     end. Times, rates and lags depend on the drawn faults and the drawn load.
//   - A run without any fault would meet it. "acked_lost > 0" is about the scenario's own faults.
//   - It names this variant, or none, and compares with a number: variants run under other faults.
#pragma once

#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/explore/judge.h"
#include "simulator/scenario/scenario.h"

namespace replsim {

// Returns the conditions of the variant that are judged, in the scenario's order, each once.
std::vector<proto::Condition> DrawnExpectations(const Variant& variant);

// Returns one outcome per condition that did not hold in the run, of the kind
// "not-held: METRIC TEST". It is not a failure of the mode. Empty if the run left no report. Faults
// that did not happen are no excuse: the drawn faults are not the ones that the condition is about.
std::vector<Verdict> JudgeDrawnExpectations(const std::vector<proto::Condition>& conditions,
                                            const TrialEnd& end);

}  // namespace replsim
