// A bound that one run must keep against another: "write_p99_ms <= +10%", for a CI to hold a new
// version to. A metric, a comparison, and a bound:
//   +10%, -5%      that many percent more or less than in the base (of a metric in percent too)
//   +0, +5ms       that much more than in the base
//   50ms, 0, yes   without a sign: of the new run alone
// Of repeats the medians are compared.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protos/report.pb.h"
#include "simulator/metrics/comparison.h"
#include "simulator/metrics/metrics.h"

namespace replsim {

struct Threshold {
  enum class Bound { kAbsolute, kDifference, kPercent };
  std::string text;  // as written
  Metric metric;
  Comparison test;  // its number is the bound's; never of a variant
  Bound bound = Bound::kAbsolute;
};

// InvalidArgument shows the text, a caret below what could not be read, and what was expected.
absl::StatusOr<Threshold> ParseThreshold(absl::string_view text);

// One result per threshold and variant: each variant of `next` against the same one of `base`,
// whatever their names where each has one only. Not judged: a variant that the other does not have,
// a value that one of them does not know, a percentage of 0 unless both are 0, and runs whose
// faults did not come.
std::vector<proto::ExpectationResult> JudgeThresholds(const std::vector<Threshold>& thresholds,
                                                      const proto::Report& base,
                                                      const proto::Report& next);

}  // namespace replsim
