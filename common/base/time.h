// Time as the cores see it: an Instant on one clock, handed in with every event. Nothing here reads
// a clock except MonotonicNow(), which only the live runtime may call (tests/tidy checks that).
#pragma once

#include <chrono>
#include <cstdint>

namespace replsim {

using Nanos = std::chrono::nanoseconds;

// CLOCK_MONOTONIC in live runs, the event queue's time in virtual time. All nodes of a live run are
// on one host and share the clock.
struct ReplsimClock {
  using duration = Nanos;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<ReplsimClock>;
  static constexpr bool is_steady = true;
};
using Instant = ReplsimClock::time_point;

constexpr Instant kNever = Instant::max();

constexpr Instant FromNanos(int64_t ns) { return Instant(Nanos(ns)); }
constexpr int64_t ToNanos(Instant t) { return t.time_since_epoch().count(); }
// Times of recordings are plain nanoseconds.
constexpr int64_t kNeverNs = INT64_MAX;
constexpr int64_t kSecondNs = 1'000'000'000;
constexpr double MillisFrom(int64_t ns) { return static_cast<double>(ns) / 1e6; }
constexpr double MicrosFrom(int64_t ns) { return static_cast<double>(ns) / 1e3; }

constexpr Nanos Micros(int64_t us) { return std::chrono::microseconds(us); }
constexpr Nanos Millis(int64_t ms) { return std::chrono::milliseconds(ms); }

Instant MonotonicNow();

}  // namespace replsim
