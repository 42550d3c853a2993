// Draws delays from the distribution that a proto::Delay describes. Live and virtual runs both draw
// here, so that a link or a slow disk has the same distribution in both.
#pragma once

#include "common/base/rng.h"
#include "common/base/time.h"
#include "protos/knobs.pb.h"

namespace replsim {

// A delay that is always `delay`.
proto::Delay ConstantDelay(Nanos delay);

class DelaySampler {
 public:
  // Upper limit of a draw (73 years), so that a sum of up to four draws does not overflow.
  static constexpr Nanos kLongest = Nanos::max() / 4;

  DelaySampler() = default;  // no delay
  // `delay` must be one that CheckScenario accepts.
  explicit DelaySampler(proto::Delay delay);

  // Never negative. A constant delay draws nothing from `rng`.
  Nanos Draw(Rng& rng) const;
  // Whether the delay is the constant 0.
  bool IsZero() const;

 private:
  proto::Delay delay_;
};

}  // namespace replsim
