// A node's wall clock as a function of its monotonic clock. A scenario may set it wrong, so no
// decision of the protocol depends on it. The primary stamps log records with it, and a replica
// subtracts the stamp from its own wall clock to get a lag.
//
// A correct wall clock shows the monotonic time here, not the date. The difference is the same on
// all nodes of a run and cancels in every subtraction.
#pragma once

#include <cmath>

#include "common/base/time.h"

namespace replsim {

struct WallClock {
  Nanos ahead{0};    // error at `since`; negative: behind
  double drift = 0;  // seconds gained per second from `since` on; negative: lost
  Instant since;     // on the monotonic clock

  Instant At(Instant monotonic) const {
    if (drift == 0) return monotonic + ahead;
    const auto gained = static_cast<double>((monotonic - since).count()) * drift;
    return monotonic + ahead + Nanos(std::llround(gained));
  }
};

}  // namespace replsim
