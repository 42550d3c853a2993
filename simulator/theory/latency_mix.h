// The latency of a message as published fits describe it: a mixture of a Pareto and an exponential
// distribution, one for the body and one for the tail. All times in milliseconds.
#pragma once

#include "common/base/rng.h"

namespace replsim {

// With probability `pareto_share` the latency is Pareto, P(x > t) = (min_ms / t)^shape for t >=
// min_ms; otherwise it is exponential with mean 1 / rate_per_ms.
struct LatencyMix {
  double pareto_share = 0;
  double min_ms = 0;
  double shape = 1;
  double rate_per_ms = 1;
};

inline constexpr LatencyMix ExponentialMix(double rate_per_ms) { return {0, 0, 1, rate_per_ms}; }

double DrawMs(const LatencyMix& latency, Rng& rng);

}  // namespace replsim
