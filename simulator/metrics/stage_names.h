// The stages of a node that a report tells apart, in the order in which a write passes them.
#pragma once

#include <array>
#include <cstddef>

namespace replsim {

inline constexpr size_t kNodeStages = 4;
// On a replica; "receive" is "append" on the primary.
inline constexpr std::array<const char*, kNodeStages> kNodeStageNames = {"receive", "write",
                                                                         "flush", "apply"};

}  // namespace replsim
