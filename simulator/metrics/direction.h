// Which way a metric is better. Said once, here, for every metric of the registry.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

// kNeither: a fact that is neither good nor bad by itself, such as how many reads there were.
enum class Direction { kNeither, kLowerIsBetter, kHigherIsBetter };

// `metric` without a replica: "apply_lag_p99_ms".
Direction DirectionOf(absl::string_view metric);

// The names and prefixes ("write_*") that have a direction, for a test that each is of a metric.
std::vector<std::string> NamesWithDirection();

}  // namespace replsim
