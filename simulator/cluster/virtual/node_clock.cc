#include "simulator/cluster/virtual/node_clock.h"

#include <cmath>

#include "simulator/cluster/virtual/virtual_scheduler.h"

namespace replsim {
namespace {

constexpr Instant kBegin = VirtualScheduler::kBeginning;

Nanos Scale(Nanos span, double factor) {
  return Nanos(std::llround(static_cast<double>(span.count()) * factor));
}

}  // namespace

NodeClock::NodeClock(const proto::Machine& machine, const std::string& node) {
  for (const proto::Clock& clock : machine.clocks()) {
    if (clock.node() != node) continue;
    offset_ = Nanos(clock.offset().ns());
    drift_ = clock.drift();
  }
}

Instant NodeClock::Local(Instant global) const {
  const Instant ahead = global + offset_;
  return drift_ == 0 ? ahead : ahead + Scale(global - kBegin, drift_);
}

Instant NodeClock::Global(Instant local) const {
  if (local == kNever) return kNever;
  const Instant behind = local - offset_;
  if (drift_ == 0) return behind;
  // Rounding must not wake the node before its time.
  Instant global = kBegin + Scale(behind - kBegin, 1 / (1 + drift_));
  while (Local(global) < local) global += Nanos(1);
  return global;
}

}  // namespace replsim
