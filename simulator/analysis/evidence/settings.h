// The resolved scenario as flat settings: replication.ack_after → flush. Parses the YAML block
// style in which the run folder's scenario.yaml is written; a value in flow style stays one text.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

// Pairs of path and value, in the order of the text; each path once, with its last value. Elements
// of lists are named by index: faults[0].do → kill. Lines that are not settings are skipped.
std::vector<std::pair<std::string, std::string>> FlattenSettings(absl::string_view yaml);

}  // namespace replsim
