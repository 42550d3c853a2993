// Escapes in the strings of EDN and JSON.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace replsim::history {

// Decodes \" \\ \/ \b \f \n \r \t and \uXXXX in the text between the quotes of a string. Appends
// the result, in UTF-8, to `*out`. Two \u that are halves of a surrogate pair are one character.
// Returns null, or an error about the text at `*bad`: an unknown escape, or half of a surrogate
// pair.
const char* DecodeEscapes(absl::string_view text, std::string* out, size_t* bad);

}  // namespace replsim::history
