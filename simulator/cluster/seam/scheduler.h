// The simulator's time: Now() and At(). Live it is an event loop on CLOCK_MONOTONIC, in virtual
// time the event queue. Everything that drives a run (load, faults, the run itself) is
// single-threaded by it: two callbacks never run at once, and a callback never runs inside the call
// that scheduled it.
#pragma once

#include "absl/functional/any_invocable.h"
#include "common/base/time.h"

namespace replsim {

class Scheduler {
 public:
  using Callback = absl::AnyInvocable<void()>;
  virtual ~Scheduler() = default;
  virtual Instant Now() const = 0;
  // Runs `callback` at `when`, or as soon as possible if that is past.
  virtual void At(Instant when, Callback callback) = 0;
};

}  // namespace replsim
