// The lag metrics of real systems that the lag laboratory (simulator/analysis/lag/lag_lab.h) reads
// from a recording. docs/lag.md gives the source of each definition and when the metric is wrong.
#pragma once

#include <array>
#include <cstddef>

namespace replsim {

enum class ShownUnit { kMicros, kBytes, kEntries };
// The name in reports.
constexpr const char* UnitName(ShownUnit unit) {
  return unit == ShownUnit::kMicros ? "us" : unit == ShownUnit::kBytes ? "bytes" : "entries";
}

struct LagMetricName {
  const char* id;  // prefix of its metrics in expectations: pg_replay_lag_wrong_ms.r1
  const char* label;
  ShownUnit unit;
  const char* stage;  // the stage whose lag it is meant to show
  // Smallest difference that the metric can show by design, in `unit`: whole seconds, for example.
  double resolution;
  const char* definition;
};

inline constexpr double kWholeSecondMicros = 1e6;

// Indices into kLagMetrics.
inline constexpr size_t kPgReplayLag = 0;
inline constexpr size_t kPgReplayAge = 1;
inline constexpr size_t kPgReplayAgeFixed = 2;
inline constexpr size_t kPgLsnDifference = 3;
inline constexpr size_t kSecondsBehindSource = 4;
inline constexpr size_t kRedisLag = 5;
inline constexpr size_t kRedisOffsetDifference = 6;
inline constexpr size_t kKafkaFollowerLag = 7;
inline constexpr size_t kMongodbOptimeDifference = 8;
inline constexpr size_t kHeartbeatTableLag = 9;

inline constexpr std::array<LagMetricName, 10> kLagMetrics = {{
    {"pg_replay_lag", "PostgreSQL replay_lag", ShownUnit::kMicros, "apply", 0,
     "On the primary: time from its flush of a position until it learned that the replica had "
     "applied it, as of the last reply that reported progress. Without replies the value does not "
     "change. NULL without a stream, and from 1 s after the last reply while everything sent is "
     "applied (wal_receiver_status_interval 1 s)."},
    {"pg_replay_age", "now() - pg_last_xact_replay_timestamp()", ShownUnit::kMicros, "apply", 0,
     "On the replica: its wall clock minus the primary's timestamp of the entry it applied last. "
     "NULL until it has applied an entry since it started."},
    {"pg_replay_age_fixed", "last replay, 0 if all received is replayed", ShownUnit::kMicros,
     "apply", 0,
     "CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 ELSE now() - "
     "pg_last_xact_replay_timestamp() END: received means flushed by the replica."},
    {"pg_lsn_difference", "pg_current_wal_lsn() - replay_lsn", ShownUnit::kBytes, "apply", 0,
     "On the primary: the position it has written minus the applied position that the replica last "
     "reported. NULL without a stream."},
    {"seconds_behind_source", "MySQL Seconds_Behind_Source", ShownUnit::kMicros, "apply",
     kWholeSecondMicros,
     "On the replica: its wall clock minus the source's timestamp of the event it is applying, "
     "minus the clock difference measured when it connected; whole seconds, never below 0. 0 if "
     "all received is applied. NULL without a stream."},
    {"redis_lag", "Redis lag", ShownUnit::kMicros, "apply", kWholeSecondMicros,
     "On the primary: whole seconds since the replica's last REPLCONF ACK, which it sends once a "
     "second. No value without a stream."},
    {"redis_offset_difference", "Redis master_repl_offset - offset", ShownUnit::kBytes, "apply", 0,
     "On the primary: its offset minus the applied offset in the replica's last REPLCONF ACK, "
     "which it sends once a second. No value without a stream."},
    {"kafka_follower_lag", "Kafka follower lag", ShownUnit::kEntries, "receive", 0,
     "On the replica: the log end that its last fetch returned minus its own log end after that "
     "fetch. No value without a stream."},
    {"mongodb_optime_difference", "MongoDB optime difference", ShownUnit::kMicros, "apply",
     kWholeSecondMicros,
     "On the primary: the second of its newest write minus the second of the replica's newest "
     "applied write, as of the last heartbeat. Heartbeats come every 2 s once the replica has "
     "applied an entry."},
    {"heartbeat_table_lag", "heartbeat table (pt-heartbeat)", ShownUnit::kMicros, "apply",
     kWholeSecondMicros,
     "On the replica: its wall clock minus the primary's timestamp of the newest heartbeat row it "
     "has applied. The log holds no such rows: one is assumed to be written at every full second "
     "of the load, after what the primary had appended by then, and applied as soon as those "
     "entries are applied and the link from the primary is open."},
}};

}  // namespace replsim
