// Draws how long a link holds back what it carries, as proto::Delay describes it. Every runtime
// draws here, so that a link has the same distribution in all of them.
#pragma once

#include "common/base/rng.h"
#include "common/base/time.h"
#include "protos/knobs.pb.h"

namespace replsim {

// A delay that is always `delay`.
proto::Delay ConstantDelay(Nanos delay);

class DelaySampler {
 public:
  // No draw is longer (73 years), whatever the tail: a few of them can be added up.
  static constexpr Nanos kLongest = Nanos::max() / 4;

  DelaySampler() = default;  // no delay
  // Of a delay as CheckScenario lets it pass.
  explicit DelaySampler(proto::Delay delay);

  // Never negative. A constant takes nothing from `rng`.
  Nanos Draw(Rng& rng) const;
  // No distribution, and a constant of 0.
  bool IsZero() const;

 private:
  proto::Delay delay_;
};

}  // namespace replsim
