// JSON Schemas (draft-07, which yaml-language-server supports) of what replsim reads and writes.
// They are derived from the descriptors and the comments of the .proto files, and from the tables
// that the YAML reader uses: enum words, units, presets, failpoints, metrics.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/json.h"

namespace replsim {

inline constexpr char kJsonSchemaDialect[] = "http://json-schema.org/draft-07/schema#";

// Of a scenario file. Every file that the loader accepts conforms, as YAML 1.2 and as YAML 1.1. The
// reverse does not hold: bounds, and what one key means for another, are the loader's to check.
Json ScenarioSchema();
// Of report.json (Report.schema_version says which version).
Json ReportSchema();

// The text of one of them. `of`: "scenario" (also if empty) or "report".
absl::StatusOr<std::string> JsonSchemaText(absl::string_view of);

}  // namespace replsim
