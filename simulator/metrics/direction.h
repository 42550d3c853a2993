// The better direction of each metric. This is the only table of directions.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

// kNeither: neither direction is better, for example the number of reads.
enum class Direction { kNeither, kLowerIsBetter, kHigherIsBetter };

// `metric` without a replica: "apply_lag_p99_ms".
Direction DirectionOf(absl::string_view metric);

// All names and prefixes ("write_*") with a direction, so that a test can check them against the
// metrics.
std::vector<std::string> NamesWithDirection();

}  // namespace replsim
