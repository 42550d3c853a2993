// How many bytes may be on their way to one replica, so that a slow link is no reason to hang up.
// Messages that wait to leave are sent as one, and one that crosses the link for longer than a
// silence may last breaks the stream; what is left of it delays the next stream, and that one is
// sent the same again. So the limit adapts to how long acknowledgements take, and outlasts a
// stream.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "common/base/time.h"

namespace replsim {

class FlightLimit {
 public:
  static constexpr uint64_t kLeast = 4 << 10;
  static constexpr uint64_t kFirst = 64 << 10;
  static constexpr uint64_t kMost = 8 << 20;

  // `patience`: how long a silence may last.
  explicit FlightLimit(Nanos patience) : patience_(patience) {}

  uint64_t bytes() const { return bytes_; }

  void Connected(Instant now) {
    connected_at_ = now;
    round_trip_.reset();
  }
  // The replica's first word on a stream answers the welcome, ahead of which nothing is sent: what
  // it takes is the round trip, or what later was quicker.
  void Heard(Instant now) {
    if (!round_trip_) round_trip_ = now - connected_at_;
  }
  // The oldest that was on its way has been acknowledged, so long after it was sent. All beyond the
  // round trip is how long the link takes for what may be on its way: twice as much of that must
  // still be less than half the patience before twice as much is sent.
  void Acked(Nanos took) {
    round_trip_ = std::min(round_trip_.value_or(took), took);
    const Nanos crossing = took - *round_trip_;
    if (crossing < patience_ / 4) bytes_ = std::min(bytes_ * 2, kMost);
    if (crossing > patience_ / 2) Halve();
  }
  // Also where a stream has ended with something on its way.
  void Halve() { bytes_ = std::max(bytes_ / 2, kLeast); }

 private:
  Nanos patience_;
  uint64_t bytes_ = kFirst;
  Instant connected_at_;
  std::optional<Nanos> round_trip_;
};

}  // namespace replsim
