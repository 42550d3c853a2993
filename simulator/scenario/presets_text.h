// The presets as `replsim presets` prints them. Generated from the preset table.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

// All presets: what each is and the knobs that distinguish most of them, within 80 columns.
std::string PresetsText();
// Every setting that one preset implies, under the names that a scenario gives them, and where its
// numbers come from. InvalidArgument names the nearest preset.
absl::StatusOr<std::string> PresetText(absl::string_view name);

}  // namespace replsim
