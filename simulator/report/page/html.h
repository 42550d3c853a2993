// Pieces of HTML that several sections use, and data inside a page for its script.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace replsim {

// JSON in the proto's own field names, on one line, that cannot end the script element it lies in.
std::string JsonForScript(const google::protobuf::Message& message);
// A JSON string, with the same promise.
std::string JsonString(absl::string_view text);

// The head of a table; its rows and "</tbody></table>" follow. `cells` are text.
std::string GridHead(const std::vector<std::string>& cells);

}  // namespace replsim
