#include "simulator/cluster/managed/duty_cycle.h"

#include <algorithm>

namespace replsim {

DutyCycle::DutyCycle(double share, Instant since)
    : running_(std::clamp(Nanos(static_cast<int64_t>(share * static_cast<double>(kPeriod.count()))),
                          Nanos(1), kPeriod)),
      since_(since) {}

Instant DutyCycle::NextRunning(Instant when) const {
  if (always() || when < since_) return when;
  const Nanos into = (when - since_) % kPeriod;
  return into < running_ ? when : when - into + kPeriod;
}

Instant DutyCycle::After(Instant when, Nanos work) const {
  if (always()) return when + work;
  const Instant begin = NextRunning(when);
  const Nanos left = running_ - (begin - since_) % kPeriod;
  if (work <= left) return begin + work;
  // The rest of this period's share, then whole shares, then a part of the last one.
  const Nanos rest = work - left - Nanos(1);
  return begin + left + (kPeriod - running_) + kPeriod * (rest / running_) + rest % running_ +
         Nanos(1);
}

}  // namespace replsim
