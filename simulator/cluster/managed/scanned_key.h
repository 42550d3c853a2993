// Reading what a node returns for the final scan.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace replsim {

// The number of a key of the load: 713 for "k0713" (KeyName in history.h is the inverse). Nothing
// for a key of anyone else, which the final read leaves out.
std::optional<uint32_t> NumberOfKey(absl::string_view key);

}  // namespace replsim
