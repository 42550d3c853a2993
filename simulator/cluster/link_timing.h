// When what is sent over one directed link arrives: a LinkSpec and the draws it needs. Every
// runtime asks here, so that the same link is the same in all of them.
#pragma once

#include "common/base/rng.h"
#include "common/base/time.h"
#include "simulator/cluster/cluster.h"
#include "simulator/cluster/delay.h"

namespace replsim {

class LinkTiming {
 public:
  explicit LinkTiming(const Rng& rng) : rng_(rng) {}

  // For what is sent from now on.
  void Set(const LinkSpec& spec);
  // Everything arrives when it is sent.
  bool IsImmediate() const;

  // When a chunk arrives that is sent at `now`. It may be earlier than an earlier chunk's: whoever
  // carries a stream keeps its order.
  Instant Arrival(Instant now);
  // One draw of the delay alone, for what is no chunk.
  Nanos DrawDelay() { return delay_.Draw(rng_); }

 private:
  Rng rng_;
  DelaySampler delay_;
  Nanos jitter_{0};
};

}  // namespace replsim
