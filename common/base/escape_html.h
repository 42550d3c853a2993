// Escapes text for HTML, so that a browser shows it and does not interpret it as markup or script.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace replsim {

// For text between tags, and inside attributes in double quotes. Characters that HTML does not
// allow become U+FFFD.
std::string EscapeHtml(absl::string_view text);

}  // namespace replsim
