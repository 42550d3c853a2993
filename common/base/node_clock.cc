#include "common/base/node_clock.h"

#include <cmath>

namespace replsim {
namespace {

Nanos Scale(Nanos span, double factor) {
  return Nanos(std::llround(static_cast<double>(span.count()) * factor));
}

}  // namespace

Instant NodeClock::Local(Instant global) const {
  const Instant ahead = global + offset_;
  return drift_ == 0 ? ahead : ahead + Scale(global - begin_, drift_);
}

Instant NodeClock::Global(Instant local) const {
  if (local == kNever) return kNever;
  const Instant behind = local - offset_;
  if (drift_ == 0) return behind;
  // Rounding must not wake the node before its time.
  Instant global = begin_ + Scale(behind - begin_, 1 / (1 + drift_));
  while (Local(global) < local) global += Nanos(1);
  return global;
}

}  // namespace replsim
