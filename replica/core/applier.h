// Applies the log of a replica to its store, up to the position that the core allows, and more
// slowly if an apply delay is set. Part of a core: single-threaded, without I/O. Effects are
// appended to `out`.
#pragma once

#include <algorithm>

#include "common/base/check.h"
#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/effects.h"
#include "replica/core/receiver.h"

namespace replsim {

class Applier {
 public:
  Applier(Lsn applied, Nanos delay) : asked_(applied), applied_(applied), delay_(delay) {}

  Lsn applied() const { return applied_; }

  // Requests the apply of records up to `target`, at most as many as the delay allows by `now`.
  void Advance(Lsn target, Receiver& log, Instant now, Effects* out);
  void HandleApplied(Lsn last) { applied_ = std::max(applied_, std::min(last, asked_)); }
  // The log is being truncated: nothing is applied until HandleTruncated.
  void Pause() { next_ = kNever; }
  void HandleTruncated(Lsn last);
  // `delay` is per entry. The wait for the next entry begins again.
  void SetDelay(Nanos delay);
  Instant NextTimer() const { return next_; }

  void Check(Lsn last) const {
    REPL_CHECK(applied_ <= asked_ && asked_ <= last, "applied ", applied_.value());
  }

 private:
  // The position up to which the delay allows an apply at `now`; at most `target`.
  Lsn Due(Lsn target, Instant now);

  Lsn asked_;
  Lsn applied_;
  Nanos delay_;
  Instant next_ = kNever;  // with a delay: when the next entry will have been applied
};

}  // namespace replsim
