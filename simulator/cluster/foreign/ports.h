// Ports for servers that cannot listen on port 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/rng.h"

namespace replsim {

// Returns `count` different ports of 127.0.0.1 that are free now, below the range from which the
// kernel takes ports for outgoing connections: nothing else takes one before its server listens,
// unless it chooses fixed ports too. UNAVAILABLE if there are not enough.
absl::StatusOr<std::vector<uint16_t>> FreePorts(size_t count, Rng rng);

}  // namespace replsim
