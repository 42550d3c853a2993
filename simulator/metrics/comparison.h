// The test of a metric in an expectation: "== 0", "<= 10ms", "< 5 %", "== yes". The operand may
// also be the same metric of another variant, "== async", or a multiple of it, "> 2 * sync".
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simulator/metrics/quantity.h"

namespace replsim {

struct Comparison {
  enum class Kind { kEqual, kNotEqual, kLess, kAtMost, kMore, kAtLeast };
  Kind kind = Kind::kEqual;
  double number = 0;    // in the metric's unit; a factor if `variant` is set
  std::string variant;  // the variant to compare with; empty: compare with `number`

  // `slack`: the total inexactness of both values (resolution.h), in the metric's unit. A bound is
  // broken only beyond it, so rounding alone breaks nothing.
  bool Holds(double measured, double bound, double slack = 0) const;
};

// Parses a test for a metric in `unit`. InvalidArgument states what was read and what was expected.
absl::StatusOr<Comparison> ParseComparison(absl::string_view text, MetricUnit unit);

}  // namespace replsim
