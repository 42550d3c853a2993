// Whether the sync set keeps up. The on_timeout policies degrade and reject use it. The set falls
// behind when a write has waited for the whole timeout. It has caught up when every write that it
// lacks is younger than half of the timeout. Equal positions would be too strict a condition: under
// load the set is always one round trip behind the newest write. Part of a core.
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

  // Called when a position has advanced. `last`: the newest write. `set_position`: what the sync
  // set has. Returns true if the set has just caught up.
  bool Observe(Instant now, Lsn last, Lsn set_position) {
    if (samples_.empty() || now - samples_.back().at >= timeout_ / 32)
      samples_.push_back({now, last});
    while (samples_.size() > 1 && now - samples_[1].at >= timeout_ / 2) samples_.pop_front();
    if (holds_) return false;
    // samples_[1] is the first sample younger than half the timeout; all older writes are at or
    // below it. samples_[0] may be much older if nothing happened in between.
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
