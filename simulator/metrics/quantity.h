// A number with a unit: as expectations write it, and as reports show it.
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

// "10ms", "1.5", "5 %", "1,000": nothing where it is not a number and at most one known unit, or is
// above kMostNumber.
std::optional<Quantity> ReadQuantity(absl::string_view text);
// In the metric's own unit; InvalidArgument where the unit does not measure such a thing.
absl::StatusOr<double> InUnit(const Quantity& quantity, MetricUnit unit);
// yes, no, true, false of a metric that is one of the two.
std::optional<double> ReadYesNo(absl::string_view text, MetricUnit unit);

std::string MetricText(MetricUnit unit, double value);  // "24 ms", "yes"; an infinite one "never"

}  // namespace replsim
