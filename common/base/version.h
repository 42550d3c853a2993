// The version of this program, which CMakeLists.txt defines in `project(replsim VERSION …)`.
#pragma once

#include "absl/strings/string_view.h"

namespace replsim {

// "0.1.0".
absl::string_view Version();

}  // namespace replsim
