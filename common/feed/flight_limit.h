// Adaptive limit on the unacknowledged bytes to one replica. The limit doubles while
// acknowledgements arrive quickly and halves when they are late. Without it, a slow link queues
// more data than it transmits in one heartbeat timeout, and the stream is dropped as silent. The
// next stream would then queue behind the rest of that data and send the same records again. For
// this reason the limit is kept when a stream ends. Part of a core.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "common/base/time.h"

namespace replsim {

class FlightLimit {
 public:
  // The least, first and greatest limit in bytes.
  static constexpr uint64_t kLeast = 4 << 10;
  static constexpr uint64_t kFirst = 64 << 10;
  static constexpr uint64_t kMost = 8 << 20;

  // `patience`: the silence after which the stream is dropped (heartbeat_timeout).
  explicit FlightLimit(Nanos patience) : patience_(patience) {}

  uint64_t bytes() const { return bytes_; }

  void Connected(Instant now) {
    connected_at_ = now;
    round_trip_.reset();
  }
  // An acknowledgement has arrived. The first one on a stream answers the welcome, which nothing
  // precedes, so its delay is the first estimate of the round trip.
  void Heard(Instant now) {
    if (!round_trip_) round_trip_ = now - connected_at_;
  }
  // The oldest batch in flight was acknowledged, `took` after it was sent. The time beyond the
  // round trip is what the link needs to transmit the bytes in flight. The limit is doubled only if
  // twice that time is still below half the patience.
  void Acked(Nanos took) {
    round_trip_ = std::min(round_trip_.value_or(took), took);
    const Nanos crossing = took - *round_trip_;
    if (crossing < patience_ / 4) bytes_ = std::min(bytes_ * 2, kMost);
    if (crossing > patience_ / 2) Halve();
  }
  // Also called when a stream ends with data in flight.
  void Halve() { bytes_ = std::max(bytes_ / 2, kLeast); }

 private:
  Nanos patience_;
  uint64_t bytes_ = kFirst;
  Instant connected_at_;
  std::optional<Nanos> round_trip_;
};

}  // namespace replsim
