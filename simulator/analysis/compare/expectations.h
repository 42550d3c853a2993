// A scenario's expectations, judged on its report: {variant: sync, acked_lost: "== 0"}. A metric
// that a run does not know cannot be judged; it is not 0.
//
// A percentile that is not exact breaks a bound only beyond its resolution (metrics/resolution.h).
//
// Where runs are repeated, a condition holds if it held in every one of them; variants are compared
// within the same repeat. One repeat in which it did not hold decides; else one that could not be
// judged leaves it not judged.
#pragma once

#include <vector>

#include "protos/report.pb.h"
#include "protos/scenario.pb.h"

namespace replsim {

// One result per condition and variant that it is about, in the order of the scenario.
std::vector<proto::ExpectationResult> JudgeExpectations(
    const google::protobuf::RepeatedPtrField<proto::Expect>& expects,
    const google::protobuf::RepeatedPtrField<proto::RunReport>& runs);

}  // namespace replsim
