// The clock and timers of a run. Live it is an event loop on CLOCK_MONOTONIC; in virtual time it is
// the event queue. The code that drives a run (load, faults, the run itself) is single-threaded
// under it: two callbacks never run at once, and a callback never runs inside the call that
// scheduled it.
#pragma once

#include "absl/functional/any_invocable.h"
#include "common/base/time.h"

namespace replsim {

class Scheduler {
 public:
  using Callback = absl::AnyInvocable<void()>;
  virtual ~Scheduler() = default;
  virtual Instant Now() const = 0;
  // Runs `callback` at `when`, or as soon as possible if `when` is past.
  virtual void At(Instant when, Callback callback) = 0;
};

}  // namespace replsim
