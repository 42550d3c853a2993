// Draws a violation, for all pages: a row per client, a bar per operation from its begin to its
// end, faults as bands, and numbered arrows for the contradictions, with their texts below. SVG
// without scripts, once for wide and once for narrow screens.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "simulator/analysis/reads/witness_picture.h"

namespace replsim {

// Empty if the picture is empty. `title`: plain text, the title in the file that "Save as PNG"
// writes. An h2 must precede it in the same element.
std::string WitnessHtml(const WitnessPicture& picture, absl::string_view title);

}  // namespace replsim
