// Whether the sync set keeps up, for the on_timeout policies that change what the primary does
// while it does not (degrade, reject). Falls behind when a write has waited the whole timeout; has
// caught up when what it lacks is younger than half of it. Position alone would never do: under
// load the set is always some round trip behind the newest write.
#pragma once

#include <deque>

#include "common/base/ids.h"
#include "common/base/time.h"

namespace replsim {

class Protection {
 public:
  explicit Protection(Nanos timeout) : timeout_(timeout) {}

  bool holds() const { return holds_; }
  void FallBehind() { holds_ = false; }

  // Called whenever anything has advanced; returns true when protection has just come back.
  bool Observe(Instant now, Lsn last, Lsn set_position) {
    if (samples_.empty() || now - samples_.back().at >= timeout_ / 32)
      samples_.push_back({now, last});
    while (samples_.size() > 1 && now - samples_[1].at >= timeout_ / 2) samples_.pop_front();
    if (holds_) return false;
    // Everything older than half the timeout is at or below the first sample that is younger: the
    // one before it may have been taken long before, if nothing happened in between.
    const bool old_enough = samples_.size() > 1 && now - samples_.front().at >= timeout_ / 2;
    holds_ = set_position >= last || (old_enough && set_position >= samples_[1].last);
    return holds_;
  }

 private:
  struct Sample {
    Instant at;
    Lsn last;  // the end of the log then
  };
  const Nanos timeout_;
  bool holds_ = true;
  std::deque<Sample> samples_;  // at most 18: one per 1/32 of the timeout over half of it
};

}  // namespace replsim
