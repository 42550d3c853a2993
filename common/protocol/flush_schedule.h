// When a core asks for a flush by time and not with each append: sync: interval, and group_delay.
// Used by both cores. It says when; what is flushed then is everything written so far. Entries that
// wait for room on a full disk are not written: a flush asked for because of them would have
// nothing to do, and would never be answered.
//
//   interval     `interval` after the first unflushed write; not again before that flush has ended,
//                so a disk slower than the interval is not asked twice
//   every-batch  with a group delay: so long after the first write that no flush was asked for
//                yet, or as soon as group_size of them wait, whether or not a flush is under way
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

  // How an append is to be flushed.
  FlushMode mode() const {
    if (knobs_.sync == Sync::kEveryWrite) return FlushMode::kAlone;
    return knobs_.sync == Sync::kEveryBatch && !gathers() ? FlushMode::kGroup : FlushMode::kNone;
  }

  // Once per TakeEffects, behind its appends: true where a flush is to be asked for now.
  bool Due(Instant now, Lsn written, Lsn flushed) {
    if (knobs_.sync == Sync::kInterval) return IntervalOver(now, written, flushed);
    return gathers() && GroupComplete(now, written);
  }
  void Flushed() { flushing_ = false; }
  // The log was cut back. A flush that is asked for and has nothing to do is never answered.
  void Truncated(Lsn last) {
    asked_ = std::min(asked_, last);
    next_ = kNever;
    flushing_ = false;
  }

  // When Due wants to be asked again; kNever: with the next event.
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
  Lsn asked_;  // of a group delay: a flush was asked for up to here
  Instant next_ = kNever;
  bool flushing_ = false;  // of an interval: from asking to Flushed
};

}  // namespace replsim
