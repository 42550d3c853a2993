// The texts of `replsim schema` and `replsim faults`, generated from the schema and the failpoint
// list. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

// Returns the parts of a scenario, one screen each: "scenario" (its own keys), "cluster",
// "replication", …
std::vector<std::string> SchemaParts();
// `path` selects all parts (empty), one part ("workload"), one key with everything below it
// ("workload.arrival", "faults.when"), or one value of a key ("faults.kill", "expect.acked_lost").
// INVALID_ARGUMENT names the nearest path.
absl::StatusOr<std::string> SchemaText(absl::string_view path);

std::string FaultsText();

}  // namespace replsim
