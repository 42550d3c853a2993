// Decides when a core requests a flush by time and not with each append: sync: interval, and
// group_delay. Both cores use it. A flush covers everything written so far. Appends that wait for
// space on a full disk are not written; a flush for them alone would never be answered.
//
//   interval     `interval` after the first unflushed write, but not before the last flush has
//                ended: a disk slower than the interval never has two flushes to do
//   every-batch  with a group delay: `group_delay` after the first write without a requested
//                flush, or as soon as group_size such writes wait, even during another flush
#pragma once

#include <algorithm>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/effects.h"
#include "common/protocol/knobs.h"

namespace replsim {

class FlushSchedule {
 public:
  FlushSchedule(const DurabilityKnobs& knobs, Lsn flushed) : knobs_(knobs), asked_(flushed) {}

  // The flush mode of an append.
  FlushMode mode() const {
    if (knobs_.sync == Sync::kEveryWrite) return FlushMode::kAlone;
    return knobs_.sync == Sync::kEveryBatch && !gathers() ? FlushMode::kGroup : FlushMode::kNone;
  }

  // Called once per TakeEffects, after its appends. True if a flush must be requested now.
  bool Due(Instant now, Lsn written, Lsn flushed) {
    if (knobs_.sync == Sync::kInterval) return IntervalOver(now, written, flushed);
    return gathers() && GroupComplete(now, written);
  }
  void Flushed() { flushing_ = false; }
  // The log was truncated. A flush that was requested but has nothing left to do is not answered.
  void Truncated(Lsn last) {
    asked_ = std::min(asked_, last);
    next_ = kNever;
    flushing_ = false;
  }

  // When Due must be called again; kNever: only after the next event.
  Instant next() const { return next_; }

 private:
  bool gathers() const { return knobs_.sync == Sync::kEveryBatch && knobs_.group_delay > Nanos(0); }

  bool IntervalOver(Instant now, Lsn written, Lsn flushed) {
    const bool due = next_ <= now && flushed < written;
    if (next_ <= now) next_ = kNever;
    if (due) flushing_ = true;
    if (!flushing_ && flushed < written && next_ == kNever) next_ = now + knobs_.interval;
    return due;
  }

  bool GroupComplete(Instant now, Lsn written) {
    if (written <= asked_) return false;
    if (next_ == kNever) next_ = now + knobs_.group_delay;
    const bool many = knobs_.group_size > 0 && written - asked_ >= knobs_.group_size;
    if (!many && next_ > now) return false;
    asked_ = written;
    next_ = kNever;
    return true;
  }

  const DurabilityKnobs knobs_;
  Lsn asked_;  // with a group delay: a flush was requested up to here
  Instant next_ = kNever;
  bool flushing_ = false;  // with an interval: from the request to Flushed()
};

}  // namespace replsim
