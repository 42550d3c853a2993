// Loads the scenario that a command was given, as run, lint and explore do it: what is wrong with
// it and what it warns of goes to stderr.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulator/scenario/scenario.h"

namespace replsim {

// None where it has mistakes: the command ends with kExitUsage.
std::optional<LoadedScenario> LoadOrTell(const std::string& path,
                                         const std::vector<std::string>& sets,
                                         const std::vector<std::string>& varies);

}  // namespace replsim
