// The frame of every page: head, styles and scripts, all inside the file.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace replsim {

enum class Charts { kNone, kDrawn };  // kDrawn: adds the scripts that draw the data in the body

// `title` is text, `body` is HTML.
std::string Document(absl::string_view title, absl::string_view body, Charts charts);

}  // namespace replsim
