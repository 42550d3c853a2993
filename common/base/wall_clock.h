// What a node's wall clock shows, by its own monotonic clock. It may be set wrong, and nothing that
// matters may depend on it: it stamps log records, and a replica subtracts.
//
// A right wall clock shows the monotonic time here, not the date: the difference is the same for
// all nodes of a run and falls out of every subtraction.
#pragma once

#include <cmath>

#include "common/base/time.h"

namespace replsim {

struct WallClock {
  Nanos ahead{0};    // at `since`
  double drift = 0;  // what it gains in a second, from then on; below 0: loses
  Instant since;

  Instant At(Instant monotonic) const {
    if (drift == 0) return monotonic + ahead;
    const auto gained = static_cast<double>((monotonic - since).count()) * drift;
    return monotonic + ahead + Nanos(std::llround(gained));
  }
};

}  // namespace replsim
