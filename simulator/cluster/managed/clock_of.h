// The monotonic clock that the scenario gives a node (machine.clocks).
#pragma once

#include <string>

#include "common/base/node_clock.h"
#include "protos/scenario.pb.h"

namespace replsim {

// `begin`: of the run, on the clock that all its nodes share.
inline NodeClock ClockOf(const proto::Machine& machine, const std::string& node, Instant begin) {
  for (const proto::Clock& clock : machine.clocks()) {
    if (clock.node() == node) return {begin, Nanos(clock.offset().ns()), clock.drift()};
  }
  return {};
}

}  // namespace replsim
