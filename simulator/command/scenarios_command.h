// `replsim scenarios`: the scenario files there are, with the question that each answers.
#pragma once

#include <string>

namespace replsim {

// Lists the scenarios in `folder`; if that is empty, in ./scenarios or, where there is none, in the
// folder that is installed with this program (../share/replsim/scenarios). Returns the exit status:
// kExitUsage where there is no such folder, or a file in it has mistakes.
int ListScenarios(const std::string& folder);

}  // namespace replsim
