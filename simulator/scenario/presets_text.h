// The output of `replsim presets`, generated from the preset tables. Pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

// Lists the presets of replication.preset, then those of failover.preset, with their descriptions
// and the most distinctive knobs, within 80 columns.
std::string PresetsText();
// Shows every setting that one preset implies, under the scenario's key names, and the source of
// its numbers. INVALID_ARGUMENT names the nearest preset.
absl::StatusOr<std::string> PresetText(absl::string_view name);

}  // namespace replsim
