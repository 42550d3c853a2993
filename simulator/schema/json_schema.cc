#include "simulator/schema/json_schema.h"

#include "absl/strings/str_cat.h"

namespace replsim {

absl::StatusOr<std::string> JsonSchemaText(absl::string_view of) {
  if (of.empty() || of == "scenario") return ScenarioSchema().ToText();
  if (of == "report") return ReportSchema().ToText();
  return absl::InvalidArgumentError(
      absl::StrCat("there is no JSON Schema of '", of, "'; expected scenario or report"));
}

}  // namespace replsim
