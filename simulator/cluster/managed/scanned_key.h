// Parses the keys that a node returns in the final scan.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace replsim {

// Returns the number of a key of the load: 713 for "k0713" (the inverse of KeyName in history.h).
// Nothing for any other key; the final read skips those.
std::optional<uint32_t> NumberOfKey(absl::string_view key);

}  // namespace replsim
