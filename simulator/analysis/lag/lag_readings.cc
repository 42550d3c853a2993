#include "simulator/analysis/lag/lag_readings.h"

#include <algorithm>
#include <cmath>

#include "common/base/time.h"

namespace replsim {
namespace {

constexpr int64_t kRedisAckNs = kSecondNs;
constexpr int64_t kMongodbHeartbeatNs = 2 * kSecondNs;
constexpr int64_t kBeatNs = kSecondNs;

int64_t WholeSeconds(int64_t ns) {
  return static_cast<int64_t>(std::floor(static_cast<double>(ns) / 1e9));
}
double SecondsInMicros(int64_t seconds) { return static_cast<double>(seconds) * 1e6; }

double Behind(uint64_t ahead, uint64_t behind) {
  return static_cast<double>(ahead) - static_cast<double>(behind);
}

}  // namespace

LagReading LagReader::Read(const Seen& seen, const MonitorView& replica) {
  TakeConnect(seen);
  TakeRedisAcks(seen);
  TakeMongodbHeartbeats(seen);
  TakeBeats(seen);
  LagReading reading;
  if (seen.leads) return reading;
  ReadPostgresql(seen, reading);
  ReadRedis(seen, reading);
  reading[kSecondsBehindSource] = SecondsBehindSource(seen, replica);
  if (seen.replica_answers && seen.streaming && seen.fetch_lag) {
    reading[kKafkaFollowerLag] = static_cast<double>(*seen.fetch_lag);
  }
  reading[kMongodbOptimeDifference] = MongodbOptimeDifference(seen, replica);
  reading[kHeartbeatTableLag] = HeartbeatTableLag(seen);
  return reading;
}

// At the start of a stream MySQL compares the clocks and Redis acknowledges.
void LagReader::TakeConnect(const Seen& seen) {
  if (seen.streaming && seen.connected_ns != connected_ns_) {
    connected_ns_ = ack_ns_ = seen.connected_ns;
    next_ack_ns_ = connected_ns_ + kRedisAckNs;
    acked_bytes_ = seen.applied.bytes;
    clock_difference_s_.reset();
  }
  // On the first stream the clocks become known with the first applied entry.
  if (seen.streaming && seen.clocks_compared && !clock_difference_s_) {
    clock_difference_s_ =
        std::llround(static_cast<double>(seen.replica_ahead_ns - seen.primary_ahead_ns) / 1e9);
  }
}

void LagReader::TakeRedisAcks(const Seen& seen) {
  if (!seen.streaming) return;
  for (; next_ack_ns_ <= seen.time_ns; next_ack_ns_ += kRedisAckNs) {
    if (!seen.to_primary_passes) continue;
    ack_ns_ = next_ack_ns_;
    acked_bytes_ = seen.applied.bytes;
  }
}

// Members send heartbeats independently of the stream, once the replica has applied an entry.
void LagReader::TakeMongodbHeartbeats(const Seen& seen) {
  if (seen.applied.lsn == 0) return;
  if (next_heartbeat_ns_ == 0) next_heartbeat_ns_ = seen.time_ns;
  for (; next_heartbeat_ns_ <= seen.time_ns; next_heartbeat_ns_ += kMongodbHeartbeatNs) {
    if (seen.to_replica_passes && seen.to_primary_passes) heartbeat_lsn_ = seen.applied.lsn;
  }
}

void LagReader::TakeBeats(const Seen& seen) {
  for (; next_beat_ns_ <= seen.time_ns; next_beat_ns_ += kBeatNs) {
    if (seen.primary_answers) {
      beats_.push_back({seen.appended.lsn, next_beat_ns_ + seen.primary_ahead_ns});
    }
  }
  if (!seen.streaming || !seen.to_replica_passes) return;
  for (; !beats_.empty() && beats_.front().after_lsn <= seen.applied.lsn; beats_.pop_front()) {
    beat_stamp_ns_ = beats_.front().stamp_ns;
  }
}

void LagReader::ReadPostgresql(const Seen& seen, LagReading& reading) const {
  if (seen.primary_answers && seen.streaming) {
    if (seen.replay_lag_ns) reading[kPgReplayLag] = MicrosFrom(*seen.replay_lag_ns);
    reading[kPgLsnDifference] = Behind(seen.written.bytes, seen.heard_apply_bytes);
  }
  if (!seen.replica_answers) return;
  if (seen.replay_age_ns) reading[kPgReplayAge] = MicrosFrom(*seen.replay_age_ns);
  const bool all_replayed = seen.applied.lsn >= seen.flushed.lsn;
  reading[kPgReplayAgeFixed] = all_replayed ? 0.0 : reading[kPgReplayAge];
}

void LagReader::ReadRedis(const Seen& seen, LagReading& reading) const {
  if (!seen.primary_answers || !seen.streaming) return;
  reading[kRedisLag] = SecondsInMicros(WholeSeconds(seen.time_ns) - WholeSeconds(ack_ns_));
  reading[kRedisOffsetDifference] = Behind(seen.appended.bytes, acked_bytes_);
}

std::optional<double> LagReader::SecondsBehindSource(const Seen& seen,
                                                     const MonitorView& replica) const {
  if (!seen.replica_answers || !seen.streaming) return std::nullopt;
  if (seen.applied.lsn >= seen.received.lsn) return 0.0;
  const int64_t now_s = WholeSeconds(seen.time_ns + seen.replica_ahead_ns);
  const int64_t stamp_s = WholeSeconds(replica.StampOf(seen.applied.lsn + 1));
  const int64_t behind_s = now_s - stamp_s - clock_difference_s_.value_or(0);
  return SecondsInMicros(std::max<int64_t>(behind_s, 0));
}

std::optional<double> LagReader::MongodbOptimeDifference(const Seen& seen,
                                                         const MonitorView& replica) const {
  if (!seen.primary_answers || !heartbeat_lsn_) return std::nullopt;
  return SecondsInMicros(WholeSeconds(replica.StampOf(seen.appended.lsn)) -
                         WholeSeconds(replica.StampOf(*heartbeat_lsn_)));
}

std::optional<double> LagReader::HeartbeatTableLag(const Seen& seen) const {
  if (!seen.replica_answers || !beat_stamp_ns_) return std::nullopt;
  return MicrosFrom(seen.time_ns + seen.replica_ahead_ns - *beat_stamp_ns_);
}

}  // namespace replsim
