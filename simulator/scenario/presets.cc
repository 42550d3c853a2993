#include "simulator/scenario/presets.h"

#include <cstdint>

#include "common/base/check.h"
#include "common/base/time.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

constexpr Nanos kSecond = Millis(1000);

// The settings shared by all presets of a system, apart from how a write is acknowledged.
struct System {
  const char* source;  // of the times
  proto::AckStage send_after = proto::WRITE;
  bool serialize_keys = false;
  Nanos heartbeat_interval{0};  // 0: the scenario's own
  Nanos heartbeat_timeout{0};
  Nanos promotion_time{0};
};

constexpr System kOurs{"None: the preset follows no product."};
constexpr System kPostgres{
    "wal_writer_delay 200 ms; wal_sender_timeout and wal_receiver_timeout 60 s, and either side "
    "sends a message after half of that; promotion 0.15 s, measured on a quiet machine. The "
    "walsender sends what is flushed.",
    proto::FLUSH,
    true,
    30 * kSecond,
    60 * kSecond,
    Millis(150)};
constexpr System kMysql{
    "slave_net_timeout 60 s, heartbeats after half of that; rpl_semi_sync_master_timeout 10 s. "
    "With sync_binlog = 1 the dump thread sends what is synced.",
    proto::FLUSH,
    true,
    30 * kSecond,
    60 * kSecond,
    Nanos(0)};
constexpr System kMongodb{
    "heartbeatTimeoutSecs 10; heartbeatIntervalMillis 2000; "
    "commitIntervalMs 100.",
    proto::WRITE,
    false,
    2 * kSecond,
    10 * kSecond,
    Nanos(0)};
constexpr System kRedis{
    "repl-ping-replica-period 10 s; repl-timeout 60 s; REPLICAOF NO ONE takes "
    "3 ms, measured 1 to 6 ms.",
    proto::WRITE,
    false,
    10 * kSecond,
    60 * kSecond,
    Millis(3)};
constexpr System kKafka{
    "replica.fetch.wait.max.ms 500; replica.socket.timeout.ms 30 s; "
    "replica.lag.time.max.ms 30 s.",
    proto::WRITE,
    false,
    Millis(500),
    30 * kSecond,
    Nanos(0)};

struct Row {
  const char* name;
  const char* description;
  System system;
  proto::AckStage ack_after;
  const char* sync_set;
  proto::AckStage visible_after;
  proto::ApplyWhen replica_apply;
  proto::TimeoutPolicy on_timeout;
  Nanos timeout;
  proto::SyncPolicy sync = proto::SYNC_UNSPECIFIED;  // unspecified: the scenario's own
  Nanos interval{0};
  proto::SyncPolicy replica_sync = proto::SYNC_UNSPECIFIED;  // unspecified: like the primary
};

// All presets log on the primary first. A sync set that no gate uses is `any 1`, and a timeout that
// no gate uses is 1 s.
const Row kRows[] = {
    {"async",
     "acknowledged after the primary's write to the page cache; replicas follow asynchronously",
     kOurs, proto::WRITE, "any 1", proto::WRITE, proto::ON_RECEIVE, proto::BLOCK, kSecond},
    {"semi-sync",
     "acknowledged once one replica has flushed it; after 1 s without one, asynchronous until it "
     "returns",
     kOurs, proto::REPLICA_FLUSH, "any 1", proto::REPLICA_FLUSH, proto::ON_RECEIVE, proto::DEGRADE,
     kSecond},
    {"sync", "acknowledged once every replica has applied it; waits indefinitely", kOurs,
     proto::REPLICA_APPLY, "all", proto::REPLICA_APPLY, proto::ON_RECEIVE, proto::BLOCK, kSecond},

    {"postgres:off",
     "PostgreSQL 15, synchronous_commit = off: acknowledged from the WAL buffer, flushed every "
     "wal_writer_delay (200 ms) and sent only then; a standby flushes immediately",
     kPostgres, proto::APPEND, "any 1", proto::APPEND, proto::ON_FLUSH, proto::BLOCK, kSecond,
     proto::INTERVAL, Millis(200), proto::EVERY_BATCH},
    {"postgres:local", "PostgreSQL 15, synchronous_commit = local: the primary's own flush",
     kPostgres, proto::FLUSH, "any 1", proto::FLUSH, proto::ON_FLUSH, proto::BLOCK, kSecond,
     proto::EVERY_BATCH},
    {"postgres:remote_write",
     "PostgreSQL 15, synchronous_commit = remote_write, FIRST 1: a standby has it in its page "
     "cache",
     kPostgres, proto::REPLICA_WRITE, "first 1", proto::REPLICA_WRITE, proto::ON_FLUSH,
     proto::BLOCK, kSecond, proto::EVERY_BATCH},
    {"postgres:on", "PostgreSQL 15, synchronous_commit = on, FIRST 1: a standby has flushed it",
     kPostgres, proto::REPLICA_FLUSH, "first 1", proto::REPLICA_FLUSH, proto::ON_FLUSH,
     proto::BLOCK, kSecond, proto::EVERY_BATCH},
    {"postgres:remote_apply",
     "PostgreSQL 15, synchronous_commit = remote_apply, FIRST 1: a standby has applied it",
     kPostgres, proto::REPLICA_APPLY, "first 1", proto::REPLICA_APPLY, proto::ON_FLUSH,
     proto::BLOCK, kSecond, proto::EVERY_BATCH},

    {"mysql:async", "MySQL 8.0, no semi-sync, sync_binlog = 1: the source's own flush", kMysql,
     proto::FLUSH, "any 1", proto::FLUSH, proto::ON_RECEIVE, proto::BLOCK, kSecond,
     proto::EVERY_BATCH},
    {"mysql:after_commit",
     "MySQL 8.0, semi-sync, wait_point = AFTER_COMMIT: visible before a replica has it; timeout 10 "
     "s, then asynchronous",
     kMysql, proto::REPLICA_RECEIVE, "any 1", proto::FLUSH, proto::ON_RECEIVE, proto::DEGRADE,
     10 * kSecond, proto::EVERY_BATCH},
    {"mysql:after_sync",
     "MySQL 8.0, semi-sync, wait_point = AFTER_SYNC (default): not visible before a replica has "
     "it; timeout 10 s, then asynchronous",
     kMysql, proto::REPLICA_RECEIVE, "any 1", proto::REPLICA_RECEIVE, proto::ON_RECEIVE,
     proto::DEGRADE, 10 * kSecond, proto::EVERY_BATCH},

    {"mariadb:async",
     "MariaDB 10.11, no semi-sync, sync_binlog = 1 (its default is 0): the primary's own flush",
     kMysql, proto::FLUSH, "any 1", proto::FLUSH, proto::ON_RECEIVE, proto::BLOCK, kSecond,
     proto::EVERY_BATCH},
    {"mariadb:after_commit",
     "MariaDB 10.11, semi-sync, wait_point = AFTER_COMMIT (default), sync_binlog = 1: visible "
     "before a replica has it; timeout 10 s, then asynchronous",
     kMysql, proto::REPLICA_RECEIVE, "any 1", proto::FLUSH, proto::ON_RECEIVE, proto::DEGRADE,
     10 * kSecond, proto::EVERY_BATCH},
    {"mariadb:after_sync",
     "MariaDB 10.11, semi-sync, wait_point = AFTER_SYNC, sync_binlog = 1: not visible before a "
     "replica has it; timeout 10 s, then asynchronous",
     kMysql, proto::REPLICA_RECEIVE, "any 1", proto::REPLICA_RECEIVE, proto::ON_RECEIVE,
     proto::DEGRADE, 10 * kSecond, proto::EVERY_BATCH},

    {"mongodb:w1",
     "MongoDB 6.0, {w: 1}: in the primary's memory, journalled every commitIntervalMs (100 ms)",
     kMongodb, proto::APPEND, "any 1", proto::APPEND, proto::ON_RECEIVE, proto::BLOCK, kSecond,
     proto::INTERVAL, Millis(100)},
    {"mongodb:majority",
     "MongoDB 6.0, {w: majority}, read concern local: a majority has journalled it (a waiting "
     "write triggers the journal); local reads see it immediately",
     kMongodb, proto::REPLICA_FLUSH, "majority", proto::APPEND, proto::ON_RECEIVE, proto::BLOCK,
     kSecond, proto::EVERY_BATCH},

    {"redis:default", "Redis 7.0, appendfsync everysec, no WAIT: executed in memory", kRedis,
     proto::APPEND, "any 1", proto::APPEND, proto::ON_RECEIVE, proto::BLOCK, kSecond,
     proto::INTERVAL, kSecond},
    {"redis:wait1",
     "Redis 7.0, WAIT 1 1000: one replica has executed it; visible before; unknown after the "
     "timeout",
     kRedis, proto::REPLICA_APPLY, "any 1", proto::APPEND, proto::ON_RECEIVE, proto::ANSWER_UNKNOWN,
     kSecond, proto::INTERVAL, kSecond},
    {"redis:waitaof",
     "Redis 7.2, WAITAOF 0 1 2000 (0 1: with sync every-batch, 1 1): one replica's AOF is flushed, "
     "once a second with everysec",
     kRedis, proto::REPLICA_FLUSH, "any 1", proto::APPEND, proto::ON_RECEIVE, proto::ANSWER_UNKNOWN,
     2 * kSecond, proto::INTERVAL, kSecond},

    {"kafka:acks0",
     "Kafka 3.x, acks = 0: the client does not wait; visible on the leader at the high watermark "
     "(every replica); page cache only",
     kKafka, proto::APPEND, "all", proto::REPLICA_WRITE, proto::ON_COMMIT, proto::DEGRADE,
     30 * kSecond, proto::OS},
    {"kafka:acks1",
     "Kafka 3.x, acks = 1: in the leader's page cache; visible on the leader at the high "
     "watermark; ISR shrinks after 30 s",
     kKafka, proto::WRITE, "all", proto::REPLICA_WRITE, proto::ON_COMMIT, proto::DEGRADE,
     30 * kSecond, proto::OS},
    {"kafka:acks_all",
     "Kafka 3.x, acks = all, min.insync.replicas = all: in every page cache; after "
     "replica.lag.time.max (30 s) NotEnoughReplicas",
     kKafka, proto::REPLICA_WRITE, "all", proto::REPLICA_WRITE, proto::ON_COMMIT, proto::REJECT,
     30 * kSecond, proto::OS},

    {"quorum",
     "Raft, etcd 3.4: a majority has flushed it, then it is applied everywhere; waits indefinitely",
     kOurs, proto::REPLICA_FLUSH, "majority", proto::REPLICA_FLUSH, proto::ON_COMMIT, proto::BLOCK,
     kSecond, proto::EVERY_BATCH},
};

void SetTimes(const System& system, Preset* preset) {
  if (system.heartbeat_timeout > Nanos(0)) {
    preset->heartbeat.mutable_interval()->set_ns(system.heartbeat_interval.count());
    preset->heartbeat.mutable_timeout()->set_ns(system.heartbeat_timeout.count());
  }
  if (system.promotion_time > Nanos(0)) {
    preset->failover.mutable_promotion_time()->set_ns(system.promotion_time.count());
  }
}

Preset Make(const Row& row) {
  Preset preset;
  preset.name = row.name;
  preset.description = row.description;
  preset.source = row.system.source;
  proto::ReplicationSpec& knobs = preset.knobs;
  knobs.set_preset(row.name);
  knobs.set_ack_after(row.ack_after);
  const auto sync_set = ParseSyncSet(row.sync_set);
  REPL_CHECK(sync_set.ok(), row.name);
  *knobs.mutable_sync_set() = *sync_set;
  knobs.set_visible_after(row.visible_after);
  knobs.set_order(proto::PRIMARY_FIRST);
  knobs.set_replica_apply(row.replica_apply);
  knobs.set_on_timeout(row.on_timeout);
  knobs.mutable_timeout()->set_ns(row.timeout.count());
  knobs.set_send_after(row.system.send_after);
  knobs.set_serialize_keys(row.system.serialize_keys);
  preset.durability.set_sync(row.sync);
  if (row.interval.count() > 0) preset.durability.mutable_interval()->set_ns(row.interval.count());
  if (row.replica_sync != proto::SYNC_UNSPECIFIED) {
    preset.durability.mutable_replica()->set_sync(row.replica_sync);
  }
  SetTimes(row.system, &preset);
  preset.failover.set_take_over(TakeOverOf(knobs));
  return preset;
}

}  // namespace

proto::TakeOver TakeOverOf(const proto::ReplicationSpec& spec) {
  const bool by_majority = spec.ack_after() >= proto::REPLICA_RECEIVE &&
                           spec.sync_set().kind() == proto::SyncSetSpec::MAJORITY;
  return by_majority ? proto::OWN_RECORD : proto::AT_ONCE;
}

const std::vector<Preset>& Presets() {
  static const std::vector<Preset>* const presets = [] {
    auto* made = new std::vector<Preset>();
    for (const Row& row : kRows) made->push_back(Make(row));
    return made;
  }();
  return *presets;
}

const Preset* FindPreset(absl::string_view name) {
  for (const Preset& preset : Presets()) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

std::vector<std::string> PresetNames() {
  std::vector<std::string> names;
  for (const Preset& preset : Presets()) names.push_back(preset.name);
  return names;
}

}  // namespace replsim
