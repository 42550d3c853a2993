// A violation drawn, for every page that shows one: a row per client, a bar per operation from its
// begin to its end, faults as bands, and numbered arrows for what contradicts what, with the text
// of each below. SVG without scripts, once for wide and once for narrow screens.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "simulator/analysis/reads/witness_picture.h"

namespace replsim {

// Empty if the picture is. `title`: of the file that "Save as PNG" writes, as text. An h2 must be
// before it in the same element.
std::string WitnessHtml(const WitnessPicture& picture, absl::string_view title);

}  // namespace replsim
