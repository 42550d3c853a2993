// Time limits for the parts of a run. A part that exceeds its limit hangs, because an answer it
// waits for never arrives. Each limit is the sum of the part's own deadlines plus a minute for a
// busy machine. Pure.
#pragma once

#include "common/base/time.h"
#include "protos/scenario.pb.h"

namespace replsim {

struct TimeLimits {
  Nanos starting;    // processes start and connect
  Nanos load;        // until the last operation is issued
  Nanos healing;     // last operations end, faults are repaired, nodes restart
  Nanos converging;  // the longest settling, plus restarts
  Nanos reading;     // reading every key of every node
};

// `scenario` is resolved.
TimeLimits LimitsOf(const proto::Scenario& scenario);

}  // namespace replsim
