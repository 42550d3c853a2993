#include "simulator/cluster/link_timing.h"

#include <cstdint>

namespace replsim {

void LinkTiming::Set(const LinkSpec& spec) {
  delay_ = DelaySampler(spec.delay);
  jitter_ = spec.jitter;
}

bool LinkTiming::IsImmediate() const { return delay_.IsZero() && jitter_ == Nanos(0); }

Instant LinkTiming::Arrival(Instant now) {
  Instant arrival = now + delay_.Draw(rng_);
  if (jitter_ > Nanos(0)) {
    arrival += Nanos(rng_.Below(static_cast<uint64_t>(jitter_.count()) + 1));
  }
  return arrival;
}

}  // namespace replsim
