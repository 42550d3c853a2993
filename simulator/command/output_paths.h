// Checks before a command begins that its outputs can be written, because a live run may take
// minutes. Creates nothing. INVALID_ARGUMENT names the flag, the path and the reason.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace replsim {

// Checks a file: its folder must exist. An empty path means no file and passes.
absl::Status CheckCanWrite(absl::string_view flag, const std::string& path);
// Checks a folder, which may not exist yet, nor its parents.
absl::Status CheckCanFill(absl::string_view flag, const std::string& path);

}  // namespace replsim
