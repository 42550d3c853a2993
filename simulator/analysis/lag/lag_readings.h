// Computes the lag metrics, each as its system defines it (simulator/metrics/lag_metric_names.h),
// from the state of a replica that a monitor can see.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

#include "simulator/analysis/lag/monitor_view.h"
#include "simulator/metrics/lag_metric_names.h"

namespace replsim {

using LagReading = std::array<std::optional<double>, kLagMetrics.size()>;

// Reads all metrics at successive instants, in ascending order: some metrics depend on earlier
// readings. `load_begin_ns` is when the first row of the heartbeat table is written.
class LagReader {
 public:
  explicit LagReader(int64_t load_begin_ns) : next_beat_ns_(load_begin_ns) {}

  LagReading Read(const Seen& seen, const MonitorView& replica);

 private:
  // Process the messages that arrived since the previous reading.
  void TakeConnect(const Seen& seen);
  void TakeRedisAcks(const Seen& seen);
  void TakeMongodbHeartbeats(const Seen& seen);
  void TakeBeats(const Seen& seen);

  void ReadPostgresql(const Seen& seen, LagReading& reading) const;
  void ReadRedis(const Seen& seen, LagReading& reading) const;
  std::optional<double> SecondsBehindSource(const Seen& seen, const MonitorView& replica) const;
  std::optional<double> MongodbOptimeDifference(const Seen& seen, const MonitorView& replica) const;
  std::optional<double> HeartbeatTableLag(const Seen& seen) const;

  int64_t connected_ns_ = 0;  // start of the stream to which the clock and ACK fields belong
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
