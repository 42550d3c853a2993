// How long each part of a run may last. A part that lasts longer hangs: some answer that it waits
// for never comes. The limits are what its own deadlines add up to, with a minute for a busy
// machine.
#pragma once

#include "common/base/time.h"
#include "protos/scenario.pb.h"

namespace replsim {

struct TimeLimits {
  Nanos starting;    // processes come up and reach each other
  Nanos load;        // until the last operation is issued
  Nanos healing;     // the last operations end, what is broken is repaired, nodes are restarted
  Nanos converging;  // settle, and what is restarted meanwhile
  Nanos reading;     // every key of every node
};

// `scenario` is resolved.
TimeLimits LimitsOf(const proto::Scenario& scenario);

}  // namespace replsim
