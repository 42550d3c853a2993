// Text and data inside a page. Whatever a scenario, a key or a node is called is shown, never run.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace replsim {

// For text between tags, and inside attributes in double quotes. Characters that HTML does not
// allow become U+FFFD.
std::string Escaped(absl::string_view text);

// JSON in the proto's own field names, on one line, that cannot end the script element it lies in.
std::string JsonForScript(const google::protobuf::Message& message);
// A JSON string, with the same promise.
std::string JsonString(absl::string_view text);

}  // namespace replsim
