// Measurements of a core for observers outside the node. A snapshot, taken on request. Instants are
// on the clock with which the core is stepped.
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

// A histogram of the time that writes waited for a gate. The upper bounds of its buckets are 125
// µs, 250 µs, … 4.096 s.
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

  std::array<uint64_t, kBuckets> buckets{};  // not cumulative
  uint64_t count = 0;                        // of all waits, also above the last bound
  Nanos sum{0};                              // of all waits
};

// The lag of a position behind the newest write of a primary.
struct LagSnapshot {
  uint64_t entries = 0;
  std::optional<uint64_t> bytes;  // absent if the lag begins before the first write of this epoch
  std::optional<Instant> since;   // arrival of the oldest entry that lags; absent without lag
};

struct FollowerMetrics {
  NodeId id;
  bool streaming = false;
  std::optional<Instant> last_heard;  // on the current stream
  // In the order of kReplicaStages; empty if the follower has not reported since it connected.
  std::vector<LagSnapshot> lags;
};

// Measurements of a primary that leads.
struct LeadingMetrics {
  Lsn visible;                                // the visibility gate
  uint64_t gate_waiting = 0;                  // writes not yet past the ack gate
  std::optional<Instant> gate_waiting_since;  // when the oldest of them came
  WaitTimes gate_waits;                       // of writes that have passed it
  std::vector<FollowerMetrics> replicas;
};

struct CoreMetrics {
  // The types are defined outside, because an optional of a nested class with default member values
  // cannot be constructed while this class is incomplete.
  using Replica = FollowerMetrics;
  using Leading = LeadingMetrics;

  std::optional<Leading> leading;
  // For a replica: when it last received a message of a primary that it follows; absent: never.
  std::optional<Instant> primary_last_heard;
};

inline constexpr Stage kReplicaStages[] = {Stage::kReplicaReceive, Stage::kReplicaWrite,
                                           Stage::kReplicaFlush, Stage::kReplicaApply};

}  // namespace replsim
