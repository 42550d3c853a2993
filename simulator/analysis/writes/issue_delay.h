// How late the load generator issued operations through its own fault.
#pragma once

#include <cstdint>
#include <optional>

#include "simulator/recording/recording.h"

namespace replsim {

// The 99th percentile, in ns, of the delay between the instant at which an operation could have
// been issued and the instant at which it was, over the operations that were sent. It could have
// been issued at its intended start or, by a blocking client, at the end of the client's previous
// operation if that is later: waiting for an answer is not the generator's fault. Absent for a
// closed loop, which has no intended starts, and if no operation was sent.
std::optional<int64_t> IssueDelayP99(const Recording& recording);

}  // namespace replsim
