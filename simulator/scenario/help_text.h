// What a scenario may contain, for `replsim schema` and `replsim faults`. Generated from the schema
// and the failpoint list: there is no second text to keep true.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

// The parts of a scenario, one screen each: "scenario" (its own keys), "cluster", "replication", …
std::vector<std::string> SchemaParts();
// All parts where `path` is empty, one part ("workload"), one key with everything below it
// ("workload.arrival", "faults.when"), or one value of a key ("faults.kill", "expect.acked_lost").
// InvalidArgument names the nearest path.
absl::StatusOr<std::string> SchemaText(absl::string_view path);

std::string FaultsText();

}  // namespace replsim
