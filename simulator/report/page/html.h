// HTML helpers shared by several sections, and data embedded in a page for its script.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace replsim {

// JSON on one line, with the proto's field names. It cannot end the script element that contains
// it.
std::string JsonForScript(const google::protobuf::Message& message);
// A JSON string that cannot end the script element that contains it.
std::string JsonString(absl::string_view text);

// The start of a table up to its head row; the rows and "</tbody></table>" must follow. `cells` are
// plain text.
std::string GridHead(const std::vector<std::string>& cells);

}  // namespace replsim
