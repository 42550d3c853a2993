// The resolved scenario as flat settings: replication.ack_after → flush. Reads the block style in
// which the run folder's scenario.yaml is written; a value in flow style stays one text.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

// Path and value, in the order of the text, no path twice. Elements of lists are named by index:
// faults[0].do → kill. Lines that are no setting are skipped.
std::vector<std::pair<std::string, std::string>> FlattenSettings(absl::string_view yaml);

}  // namespace replsim
