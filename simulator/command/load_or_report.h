// Loads the scenario of run, lint and explore. Mistakes and warnings go to stderr.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulator/scenario/scenario.h"

namespace replsim {

// Returns nothing if the scenario has mistakes; the command then ends with kExitUsage.
std::optional<LoadedScenario> LoadOrReport(const std::string& path,
                                           const std::vector<std::string>& sets,
                                           const std::vector<std::string>& varies);

// The same for a text; `source` is its name in messages.
std::optional<LoadedScenario> LoadTextOrReport(const std::string& text, const std::string& source,
                                               const std::vector<std::string>& sets,
                                               const std::vector<std::string>& varies);

}  // namespace replsim
