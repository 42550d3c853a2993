// What a core has measured, for whoever watches the node from outside while it runs. A snapshot,
// taken when somebody asks; instants are of the clock that the core is stepped with.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/knobs.h"

namespace replsim {

// How long writes waited for a gate: how many did for at most 125 µs, 250 µs, … 4.096 s, and the
// sum over all.
struct WaitTimes {
  static constexpr size_t kBuckets = 16;
  static constexpr Nanos BoundOf(size_t bucket) { return Nanos(int64_t{125'000} << bucket); }

  void Add(Nanos wait) {
    sum += wait;
    ++count;
    const auto units = static_cast<uint64_t>((wait.count() + 124'999) / 125'000);
    const auto bucket = static_cast<size_t>(units <= 1 ? 0 : std::bit_width(units - 1));
    if (bucket < kBuckets) ++buckets[bucket];
  }

  std::array<uint64_t, kBuckets> buckets{};  // each counts what is in no lower one
  uint64_t count = 0;                        // also those beyond the last bound
  Nanos sum{0};
};

// How far something is behind the newest write of a primary.
struct LagGlance {
  uint64_t entries = 0;
  std::optional<uint64_t> bytes;  // absent where it begins before what this primary has written
  std::optional<Instant> since;   // when the oldest of the entries came; absent where there is none
};

struct FollowerMetrics {
  NodeId id;
  bool streaming = false;
  std::optional<Instant> last_heard;  // on the present stream
  // In the order of kReplicaStages; empty where it has not reported since it connected.
  std::vector<LagGlance> lags;
};

// Of a primary that leads.
struct LeadingMetrics {
  Lsn visible;                                // the visibility gate
  uint64_t gate_waiting = 0;                  // writes not yet past the ack gate
  std::optional<Instant> gate_waiting_since;  // when the oldest of them came
  WaitTimes gate_waits;                       // of those that have passed it
  std::vector<FollowerMetrics> replicas;
};

struct CoreMetrics {
  // Defined outside: an optional of a nested class with default values is no constructible type
  // while this class is not complete.
  using Replica = FollowerMetrics;
  using Leading = LeadingMetrics;

  std::optional<Leading> leading;
  // When a replica last heard from a primary that it follows; absent where it never has.
  std::optional<Instant> primary_last_heard;
};

inline constexpr Stage kReplicaStages[] = {Stage::kReplicaReceive, Stage::kReplicaWrite,
                                           Stage::kReplicaFlush, Stage::kReplicaApply};

}  // namespace replsim
