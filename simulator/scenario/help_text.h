// What a scenario may say, for `replsim schema`, `replsim presets` and `replsim faults`. Generated
// from the schema, the preset table and the failpoint list: there is no second text to keep true.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

// The parts of a scenario, one screen each: "scenario" (its own keys), "cluster", "replication", …
std::vector<std::string> SchemaParts();
// One part, or all where `part` is empty; an unknown part is told with the nearest known one.
absl::StatusOr<std::string> SchemaText(absl::string_view part);

std::string PresetsText();
std::string FaultsText();

}  // namespace replsim
