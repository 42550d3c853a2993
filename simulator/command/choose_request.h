// The options of `replsim choose` as a request, and the request in words.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "simulator/choose/request.h"
#include "simulator/command/choose_command.h"

namespace replsim {

// Checks the options and reads the file of --from. `findings` receives what that file says, one
// line each. INVALID_ARGUMENT names the option, or the file and the line.
absl::StatusOr<ChooseRequest> ToRequest(const ChooseCommandOptions& options,
                                        std::vector<std::string>* findings);

// The command that repeats it.
std::string ChooseAgain(const ChooseCommandOptions& options, const ChooseRequest& request);
// What was asked, one line each.
std::vector<std::string> QuestionOf(const ChooseRequest& request);

}  // namespace replsim
