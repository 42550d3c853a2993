// A scenario's expectations, judged on its report: {variant: sync, acked_lost: "== 0"}.
//
// A test is a comparison (== != < <= > >=) with a number, with its unit where it has one ("<=
// 10ms",
// "< 5%", ">= 1.5"), with the same metric of another variant ("== async"), or with a multiple of
// that
// ("> 2 * sync"). A metric that a run does not know cannot be judged; it is not 0.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protos/report.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/analysis/metrics.h"

namespace replsim {

struct MetricTest {
  enum class Compare { kEqual, kNotEqual, kLess, kAtMost, kMore, kAtLeast };
  Compare compare = Compare::kEqual;
  double number = 0;    // in the metric's unit; a factor where `variant` is set
  std::string variant;  // whose metric to compare with; empty: with `number` itself
};
// InvalidArgument says what was read and what a test may be.
absl::StatusOr<MetricTest> ParseMetricTest(absl::string_view test, MetricUnit unit);

// Whether every metric is known, every test can be read, and every variant and replica that is
// named is one of `variants` and `nodes` (either may be empty: not checked). For when a scenario is
// read.
absl::Status CheckExpectationNames(const google::protobuf::RepeatedPtrField<proto::Expect>& expects,
                                   std::span<const std::string> variants = {},
                                   std::span<const std::string> nodes = {});

// One result per condition and variant that it is about, in the order of the scenario.
std::vector<proto::ExpectationResult> JudgeExpectations(
    const google::protobuf::RepeatedPtrField<proto::Expect>& expects,
    const google::protobuf::RepeatedPtrField<proto::RunReport>& runs);

// Exit status of a run: 0 all held, 1 at least one did not, 2 none failed but one could not be
// judged.
int ExitStatus(const google::protobuf::RepeatedPtrField<proto::ExpectationResult>& results);

}  // namespace replsim
