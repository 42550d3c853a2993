// The comments of the .proto files, which are built into the program: descriptions of a JSON
// Schema.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace replsim {

// Of a message, field, enum or enum value of protos/scenario.proto, report.proto,
// guarantees.proto or recording.proto, by its full name: "replsim.proto.Workload.arrival". Empty if
// there is none.
std::string ProtoComment(absl::string_view full_name);

}  // namespace replsim
