// JSON Schemas (draft-07, which yaml-language-server supports) of the files that replsim reads and
// writes. They are derived from the descriptors and comments of the .proto files, and from the
// tables of the YAML reader: enum words, units, presets, failpoints, metrics. Pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/json.h"

namespace replsim {

inline constexpr char kJsonSchemaDialect[] = "http://json-schema.org/draft-07/schema#";

// The schema of a scenario file. Every file that the loader accepts conforms, as YAML 1.2 and as
// YAML 1.1. The reverse does not hold: only the loader checks bounds and combinations of keys.
Json ScenarioSchema();
// The schema of report.json (Report.schema_version gives its version).
Json ReportSchema();

// The text of one schema. `of` is "scenario" (also if empty) or "report"; INVALID_ARGUMENT
// otherwise.
absl::StatusOr<std::string> JsonSchemaText(absl::string_view of);

}  // namespace replsim
