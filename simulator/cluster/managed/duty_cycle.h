// A share of a processor: the node runs for that share of every period and is stopped for the rest.
// Linux enforces CPU quotas in the same way (cpu.cfs_quota_us, default period 100 ms). A live node
// is stopped with SIGSTOP and continued with SIGCONT (slow_nodes.h). Pure.
#pragma once

#include "common/base/time.h"

namespace replsim {

class DutyCycle {
 public:
  static constexpr Nanos kPeriod = Millis(10);

  DutyCycle() = default;  // the whole processor
  // 0 < share <= 1. The first period begins at `since`; the node runs in the first part of each
  // period.
  DutyCycle(double share, Instant since);

  bool always() const { return running_ == kPeriod; }
  Nanos running() const { return running_; }  // time per period
  // Returns the first instant at or after `when` at which the node runs.
  Instant NextRunning(Instant when) const;
  // Returns the end of the running part of the period that contains `when`. The node must run at
  // `when`.
  Instant EndOfRun(Instant when) const { return when + running_ - (when - since_) % kPeriod; }
  // Returns when `work` is done if it begins at `when`, or at the first later instant at which the
  // node runs.
  Instant After(Instant when, Nanos work) const;

 private:
  Nanos running_ = kPeriod;
  Instant since_;
};

}  // namespace replsim
