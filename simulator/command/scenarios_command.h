// `replsim scenarios`: lists the scenario files with the question that each answers.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace replsim {

// The folder with the shipped scenarios: `given` if it is not empty, else ./scenarios, else the
// installed one. InvalidArgument if there is none.
absl::StatusOr<std::string> FindScenarios(const std::string& given);

// Lists the scenarios in `folder`. If `folder` is empty, ./scenarios is used, or else the installed
// folder (../share/replsim/scenarios). Returns the exit status: kExitUsage if there is no such
// folder, or if a file in it has mistakes.
int ListScenarios(const std::string& folder);

}  // namespace replsim
