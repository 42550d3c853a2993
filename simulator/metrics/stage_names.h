// The stages of a node that a report distinguishes, in the order in which a write passes them.
#pragma once

#include <array>
#include <cstddef>

namespace replsim {

inline constexpr size_t kNodeStages = 4;
// The names on a replica. On the primary, "receive" is "append".
inline constexpr std::array<const char*, kNodeStages> kNodeStageNames = {"receive", "write",
                                                                         "flush", "apply"};

}  // namespace replsim
