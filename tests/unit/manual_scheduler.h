// A Scheduler whose time a test moves. Callbacks run in the order of their times, then of their
// scheduling. Single-threaded.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "simulator/cluster/seam/scheduler.h"

namespace replsim {

class ManualScheduler : public Scheduler {
 public:
  Instant Now() const override { return now_; }
  void At(Instant when, Callback callback) override {
    due_.emplace(std::pair(std::max(when, now_), sequence_++), std::move(callback));
  }

  // Runs what is due up to `when`, each callback at its own time plus `lateness`. Then stops at
  // `when`.
  void RunUntil(Instant when) {
    while (!due_.empty() && due_.begin()->first.first + lateness <= when) {
      auto next = due_.extract(due_.begin());
      now_ = std::max(now_, next.key().first + lateness);
      next.mapped()();
    }
    now_ = std::max(now_, when);
  }
  void RunFor(Nanos duration) { RunUntil(now_ + duration); }
  // Runs what is due now, without moving time.
  void Settle() { RunUntil(now_); }

  Nanos lateness{0};

 private:
  Instant now_ = FromNanos(1'000'000'000);
  uint64_t sequence_ = 0;
  std::map<std::pair<Instant, uint64_t>, Callback> due_;
};

}  // namespace replsim
