// `run --machine FILE`: reads a file with a `machine:` block, such as `replsim calibrate --out`
// writes.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace replsim {

// Returns the parts of the machine as --set flags, one per part, so that parts which the file does
// not give (for example clocks) keep the scenario's values. INVALID_ARGUMENT with file, line and
// column of every mistake.
absl::StatusOr<std::vector<std::string>> MachineSets(const std::string& path);

}  // namespace replsim
