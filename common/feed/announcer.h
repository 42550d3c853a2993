// Schedules the announcements of a primary's epoch to the nodes that do not follow it. An
// announcement is repeated until the node follows, because a message may be lost and a node may
// restart. Part of a core.
#pragma once

#include "common/base/time.h"

namespace replsim {

class Announcer {
 public:
  // `interval`: between two announcements. `at_once`: announce immediately, because no node can
  // know of the epoch yet (after a promotion). Otherwise the first announcement is due after two
  // intervals, which gives the nodes time to dial.
  Announcer(Nanos interval, bool at_once, Instant now)
      : interval_(interval), next_(at_once ? now : now + 2 * interval) {}

  Instant next() const { return next_; }
  // Called when all nodes followed and one has disconnected. It gets one interval to dial again by
  // itself.
  void FirstHasLeft(Instant now) { next_ = now + interval_; }
  // Whether the epoch is to be announced now, to the nodes that do not follow.
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
