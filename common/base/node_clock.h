// A node's monotonic clock, with an offset and a drift against the clock that all nodes of a run
// share. Only a lease depends on how fast clocks run. Pure.
#pragma once

#include "common/base/time.h"

namespace replsim {

class NodeClock {
 public:
  NodeClock() = default;  // exact
  // Shows `begin` + `offset` at `begin` on the shared clock, and gains `drift` seconds per second
  // from then on; above -1.
  NodeClock(Instant begin, Nanos offset, double drift)
      : begin_(begin), offset_(offset), drift_(drift) {}

  Instant begin() const { return begin_; }
  Nanos offset() const { return offset_; }
  double drift() const { return drift_; }

  Instant Local(Instant global) const;
  // Returns the first instant at which the clock shows `local` or more.
  Instant Global(Instant local) const;

 private:
  Instant begin_;
  Nanos offset_{0};
  double drift_ = 0;
};

}  // namespace replsim
