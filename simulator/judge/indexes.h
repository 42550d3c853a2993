// Index values that mean "none".
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace replsim::judge {

inline constexpr size_t kNone = std::numeric_limits<size_t>::max();
inline constexpr uint32_t kNoNode = std::numeric_limits<uint32_t>::max();

}  // namespace replsim::judge
