// The test of a metric in an expectation: "== 0", "<= 10ms", "< 5 %", "== yes"; or against the same
// metric of another variant, "== async", or a multiple of it, "> 2 * sync".
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simulator/metrics/quantity.h"

namespace replsim {

struct Comparison {
  enum class Kind { kEqual, kNotEqual, kLess, kAtMost, kMore, kAtLeast };
  Kind kind = Kind::kEqual;
  double number = 0;    // in the metric's unit; a factor where `variant` is set
  std::string variant;  // whose metric to compare with; empty: with `number` itself

  // `slack`: by how much the two together may be off (resolution.h). A bound counts as broken only
  // beyond it, so a value that rounding put on the wrong side breaks nothing.
  bool Holds(double measured, double bound, double slack = 0) const;
};

// Of a metric in `unit`. InvalidArgument says what was read and what was expected.
absl::StatusOr<Comparison> ParseComparison(absl::string_view text, MetricUnit unit);

}  // namespace replsim
