// How late a load generator was by its own doing.
#pragma once

#include <cstdint>
#include <optional>

#include "simulator/recording/recording.h"

namespace replsim {

// The delay of an operation is from when it could have been issued to when it was. It could have
// been issued at its intended start or, by a blocking client, at the end of the client's operation
// before it, whichever is later: waiting for an answer is not the generator's doing. In ns, the
// 99th percentile over the operations that were sent. Absent where the load has no intended starts
// (a closed loop), or nothing was sent.
std::optional<int64_t> IssueDelayP99(const Recording& recording);

}  // namespace replsim
