// Converts clocks to and from their wire form (protos/control.proto).
#pragma once

#include "common/base/node_clock.h"
#include "common/base/wall_clock.h"
#include "protos/control.pb.h"

namespace replsim {

inline WallClock FromWire(const proto::WallClock& wire) {
  return {Nanos(wire.ahead_ns()), wire.drift(), FromNanos(wire.since_ns())};
}

// Absent on the wire: an exact clock.
inline NodeClock FromWire(const proto::MonotonicClock& wire) {
  return {FromNanos(wire.begin_ns()), Nanos(wire.offset_ns()), wire.drift()};
}

inline void ToWire(const NodeClock& clock, proto::MonotonicClock* wire) {
  wire->set_begin_ns(ToNanos(clock.begin()));
  wire->set_offset_ns(clock.offset().count());
  wire->set_drift(clock.drift());
}

inline void ToWire(const WallClock& clock, proto::WallClock* wire) {
  wire->set_ahead_ns(clock.ahead.count());
  wire->set_drift(clock.drift);
  wire->set_since_ns(ToNanos(clock.since));
}

}  // namespace replsim
