// Judges a scenario's expectations on its report, for example {variant: sync, acked_lost: "== 0"}.
// A metric that is unknown in a run cannot be judged; it does not count as 0.
//
// An inexact percentile breaks a bound only beyond its resolution (metrics/resolution.h).
//
// If runs are repeated, a condition holds only if it held in every repeat, and variants are
// compared within the same repeat. One repeat in which it did not hold makes it fail; otherwise one
// repeat that could not be judged makes it "not judged".
#pragma once

#include <vector>

#include "protos/report.pb.h"
#include "protos/scenario.pb.h"

namespace replsim {

// One result per pair of condition and variant that the condition names, in the scenario's order.
std::vector<proto::ExpectationResult> JudgeExpectations(
    const google::protobuf::RepeatedPtrField<proto::Expect>& expects,
    const google::protobuf::RepeatedPtrField<proto::RunReport>& runs);

}  // namespace replsim
