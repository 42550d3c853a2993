// Finds the known word that is nearest to a misspelt one, for error messages.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

// "; did you mean 'replicas'?", or empty if no known word is near. The comparison ignores case and
// treats '_' and '-' as equal.
std::string DidYouMean(absl::string_view read, const std::vector<std::string>& known);
// The same, with a list of all known words: "; did you mean 'replicas'? (known: …)", "; known: …".
std::string Suggest(absl::string_view read, const std::vector<std::string>& known);

}  // namespace replsim
