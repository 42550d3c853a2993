// The comments of the .proto files, as descriptions of a JSON Schema. The files are built into the
// program.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace replsim {

// Returns the comment of a message, field, enum or enum value of protos/scenario.proto,
// report.proto, guarantees.proto, failovers.proto or recording.proto. `full_name` is like
// "replsim.proto.Workload.arrival". Empty if there is none.
std::string ProtoComment(absl::string_view full_name);

}  // namespace replsim
