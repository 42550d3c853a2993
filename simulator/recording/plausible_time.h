// Bounds of the times in a recording. A damaged file may hold any number, and the analysis
// subtracts times from each other: half of what int64 holds is left, so that a difference fits,
// too.
#pragma once

#include <cstdint>

namespace replsim {

inline constexpr int64_t kTimeMaxNs = int64_t{1} << 61;  // 73 years after the start of the clock

inline bool IsPlausibleTime(int64_t ns) { return ns >= 0 && ns <= kTimeMaxNs; }

}  // namespace replsim
