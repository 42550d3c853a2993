// When a primary announces its epoch to the nodes that do not follow it. An announcement is
// repeated until the node follows: one may be lost, and the node may have died since.
#pragma once

#include "common/base/time.h"

namespace replsim {

class Announcer {
 public:
  // `at_once`: no node can know of the epoch yet (after a promotion). Otherwise the nodes first
  // have the time to dial.
  Announcer(Nanos interval, bool at_once, Instant now)
      : interval_(interval), next_(at_once ? now : now + 2 * interval) {}

  Instant next() const { return next_; }
  // Every node followed until now, and one of them does not any more: it first has the time to
  // dial again by itself.
  void FirstHasLeft(Instant now) { next_ = now + interval_; }
  // True if the nodes that do not follow are to be told now.
  bool Due(Instant now) {
    if (next_ > now) return false;
    next_ = now + interval_;
    return true;
  }

 private:
  Nanos interval_;
  Instant next_;
};

}  // namespace replsim
