// A number with a unit, as written in expectations and shown in reports.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

enum class MetricUnit { kCount, kRatio, kMillis, kPercent, kPerSecond, kBytes, kYesNo };

struct Quantity {
  double number = 0;
  std::string unit;  // as written; empty for none
};

// The largest number that an expectation or a threshold may name.
inline constexpr double kMostNumber = 1e15;

// Parses "10ms", "1.5", "5 %", "1,000". Absent if the text is not a number with at most one known
// unit, or if the number is above kMostNumber.
std::optional<Quantity> ReadQuantity(absl::string_view text);
// Converts to the metric's own unit; InvalidArgument if the quantity's unit does not fit the
// metric.
absl::StatusOr<double> InUnit(const Quantity& quantity, MetricUnit unit);
// Parses yes, no, true or false for a yes-no metric; absent otherwise.
std::optional<double> ReadYesNo(absl::string_view text, MetricUnit unit);

std::string MetricText(MetricUnit unit, double value);  // "24 ms", "yes"; infinity: "never"

}  // namespace replsim
