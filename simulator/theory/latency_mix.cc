#include "simulator/theory/latency_mix.h"

#include <cmath>

namespace replsim {

double DrawMs(const LatencyMix& latency, Rng& rng) {
  if (!rng.Chance(latency.pareto_share)) return rng.Exponential(1 / latency.rate_per_ms);
  return latency.min_ms * std::pow(1 - rng.Unit(), -1 / latency.shape);
}

}  // namespace replsim
