// What all pages have around their content: the head, the styles, the scripts, all inside the file.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace replsim {

// `title` is text, `body` is HTML.
std::string Document(absl::string_view title, absl::string_view body);

}  // namespace replsim
