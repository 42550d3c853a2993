// `run --machine FILE`: a file with a `machine:` block, such as `replsim calibrate --out` writes.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace replsim {

// The parts of the machine as flags for --set, one each, so that what the file does not say
// (clocks, say) stays as the scenario has it. InvalidArgument with file, line and column of every
// mistake.
absl::StatusOr<std::vector<std::string>> MachineSets(const std::string& path);

}  // namespace replsim
