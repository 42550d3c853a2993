// The lag metrics, each as its system defines it (simulator/metrics/lag_metric_names.h), read from
// what can be seen of a replica.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

#include "simulator/analysis/lag/seen_replica.h"
#include "simulator/metrics/lag_metric_names.h"

namespace replsim {

using LagReading = std::array<std::optional<double>, kLagMetrics.size()>;

// Reads them all, instant by instant: some remember what came before. `load_begin_ns` is when the
// first beat of the heartbeat table is written.
class LagReader {
 public:
  explicit LagReader(int64_t load_begin_ns) : next_beat_ns_(load_begin_ns) {}

  LagReading Read(const Seen& seen, const SeenReplica& replica);

 private:
  // What arrived at one end since the reading before.
  void TakeConnect(const Seen& seen);
  void TakeRedisAcks(const Seen& seen);
  void TakeMongodbHeartbeats(const Seen& seen);
  void TakeBeats(const Seen& seen);

  void ReadPostgresql(const Seen& seen, LagReading& reading) const;
  void ReadRedis(const Seen& seen, LagReading& reading) const;
  std::optional<double> SecondsBehindSource(const Seen& seen, const SeenReplica& replica) const;
  std::optional<double> MongodbOptimeDifference(const Seen& seen, const SeenReplica& replica) const;
  std::optional<double> HeartbeatTableLag(const Seen& seen) const;

  int64_t connected_ns_ = 0;  // of the stream that the three below are of
  std::optional<int64_t> clock_difference_s_;
  int64_t next_ack_ns_ = 0;
  int64_t ack_ns_ = 0;
  uint64_t acked_bytes_ = 0;

  int64_t next_heartbeat_ns_ = 0;
  std::optional<uint64_t> heartbeat_lsn_;

  struct Beat {
    uint64_t after_lsn = 0;
    int64_t stamp_ns = 0;
  };
  int64_t next_beat_ns_ = 0;
  std::deque<Beat> beats_;  // not yet applied
  std::optional<int64_t> beat_stamp_ns_;
};

}  // namespace replsim
