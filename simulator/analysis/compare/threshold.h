// A bound on one run relative to another, for example "write_p99_ms <= +10%", so that CI can
// compare a new version with an old one. The text is a metric, a comparison and a bound:
//   +10%, -5%      relative: percent more or less than the base (also for metrics in percent)
//   +0, +5ms       relative: absolute difference to the base
//   50ms, 0, yes   without a sign: a bound on the new run alone
// With repeats the medians are compared.
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
  Comparison test;  // holds the bound's number; `variant` is always empty
  Bound bound = Bound::kAbsolute;
};

// InvalidArgument shows the text, a caret below the part that could not be parsed, and what was
// expected there.
absl::StatusOr<Threshold> ParseThreshold(absl::string_view text);

// One result per threshold and variant. Each variant of `next` is compared with the variant of the
// same name in `base`; if each side has a single variant, the names are ignored. Not judged: a
// variant that one side lacks, a value that is unknown on one side, a percentage of a base of 0
// unless both values are 0, and runs in which faults did not fire.
std::vector<proto::ExpectationResult> JudgeThresholds(const std::vector<Threshold>& thresholds,
                                                      const proto::Report& base,
                                                      const proto::Report& next);

}  // namespace replsim
