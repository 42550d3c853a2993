// The nearest known word to one that was misspelt, for messages.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

// "; did you mean 'replicas'?"; empty where nothing known is near. Case, and '_' for '-', are no
// difference.
std::string DidYouMean(absl::string_view read, const std::vector<std::string>& known);
// The same and what is known: "; did you mean 'replicas'? (known: …)", "; known: …".
std::string Suggest(absl::string_view read, const std::vector<std::string>& known);

}  // namespace replsim
