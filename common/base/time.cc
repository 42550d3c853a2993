#include "common/base/time.h"

#include <ctime>

namespace replsim {

Instant MonotonicNow() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return FromNanos(static_cast<int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec);
}

}  // namespace replsim
