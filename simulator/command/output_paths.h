// Whether what a command is to write can be written, asked before it begins: a live run may take
// minutes. Nothing is created. InvalidArgument says which flag, which path, and why not.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace replsim {

// A file: in a folder that exists. An empty path is no file, and fine.
absl::Status CheckCanWrite(absl::string_view flag, const std::string& path);
// A folder, which may have to be made, with those above it.
absl::Status CheckCanFill(absl::string_view flag, const std::string& path);

}  // namespace replsim
