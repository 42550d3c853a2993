// A node that has only a share of a processor: it runs for that share of every period, and stands
// still for the rest. So a quota is enforced on processes (Linux's cpu.cfs_quota_us, with a period
// of 100 ms by default); live it is done by SIGSTOP and SIGCONT.
#pragma once

#include "common/base/time.h"

namespace replsim {

class DutyCycle {
 public:
  static constexpr Nanos kPeriod = Millis(10);

  DutyCycle() = default;  // all of a processor
  // 0 < share <= 1; the first period begins at `since`, with the part in which the node runs.
  DutyCycle(double share, Instant since);

  bool always() const { return running_ == kPeriod; }
  Nanos running() const { return running_; }  // of each period
  // When the node first runs, at `when` or later.
  Instant NextRunning(Instant when) const;
  // When the part of a period ends in which it runs; `when` lies in it.
  Instant EndOfRun(Instant when) const { return when + running_ - (when - since_) % kPeriod; }
  // When `work` has been done that is begun at `when` or as soon after it as the node runs.
  Instant After(Instant when, Nanos work) const;

 private:
  Nanos running_ = kPeriod;
  Instant since_;
};

}  // namespace replsim
