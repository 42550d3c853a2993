// Converts a WallClock to and from its wire form (protos/control.proto).
#pragma once

#include "common/base/wall_clock.h"
#include "protos/control.pb.h"

namespace replsim {

inline WallClock FromWire(const proto::WallClock& wire) {
  return {Nanos(wire.ahead_ns()), wire.drift(), FromNanos(wire.since_ns())};
}

inline void ToWire(const WallClock& clock, proto::WallClock* wire) {
  wire->set_ahead_ns(clock.ahead.count());
  wire->set_drift(clock.drift);
  wire->set_since_ns(ToNanos(clock.since));
}

}  // namespace replsim
