#include "simulator/scenario/presets.h"

#include <cstdint>

#include "common/base/check.h"
#include "common/base/time.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

struct Row {
  const char* name;
  const char* description;
  proto::AckStage ack_after;
  const char* sync_set;
  proto::AckStage visible_after;
  proto::ApplyWhen replica_apply;
  proto::TimeoutPolicy on_timeout;
  Nanos timeout;
  proto::SyncPolicy sync = proto::SYNC_UNSPECIFIED;  // unspecified: the scenario's own
  Nanos interval{0};
};

constexpr Nanos kSecond = Millis(1000);

// All of them log on the primary first. A sync set that no stage asks for is `any 1`, and a timeout
// that nothing waits for is 1 s.
const Row kRows[] = {
    {"async", "answered once the primary's kernel has it; replicas follow when they can",
     proto::WRITE, "any 1", proto::WRITE, proto::ON_RECEIVE, proto::BLOCK, kSecond},
    {"semi-sync",
     "answered once one replica has flushed it; after 1 s without one, asynchronous until it is "
     "back",
     proto::REPLICA_FLUSH, "any 1", proto::REPLICA_FLUSH, proto::ON_RECEIVE, proto::DEGRADE,
     kSecond},
    {"sync", "answered once every replica shows it; waits for ever", proto::REPLICA_APPLY, "all",
     proto::REPLICA_APPLY, proto::ON_RECEIVE, proto::BLOCK, kSecond},

    {"postgres:off",
     "synchronous_commit = off: answered from the WAL buffer, flushed every wal_writer_delay (200 "
     "ms)",
     proto::APPEND, "any 1", proto::APPEND, proto::ON_FLUSH, proto::BLOCK, kSecond, proto::INTERVAL,
     Millis(200)},
    {"postgres:local", "synchronous_commit = local: the primary's own flush", proto::FLUSH, "any 1",
     proto::FLUSH, proto::ON_FLUSH, proto::BLOCK, kSecond, proto::EVERY_BATCH},
    {"postgres:remote_write",
     "synchronous_commit = remote_write, FIRST 1: a standby's kernel has it", proto::REPLICA_WRITE,
     "first 1", proto::REPLICA_WRITE, proto::ON_FLUSH, proto::BLOCK, kSecond, proto::EVERY_BATCH},
    {"postgres:on", "synchronous_commit = on, FIRST 1: a standby has flushed it",
     proto::REPLICA_FLUSH, "first 1", proto::REPLICA_FLUSH, proto::ON_FLUSH, proto::BLOCK, kSecond,
     proto::EVERY_BATCH},
    {"postgres:remote_apply", "synchronous_commit = remote_apply, FIRST 1: a standby shows it",
     proto::REPLICA_APPLY, "first 1", proto::REPLICA_APPLY, proto::ON_FLUSH, proto::BLOCK, kSecond,
     proto::EVERY_BATCH},

    {"mysql:async", "no semi-sync, sync_binlog = 1: the source's own flush", proto::FLUSH, "any 1",
     proto::FLUSH, proto::ON_RECEIVE, proto::BLOCK, kSecond, proto::EVERY_BATCH},
    {"mysql:after_commit",
     "rpl_semi_sync wait_point = AFTER_COMMIT: readers see it before a replica has it; timeout 10 "
     "s, then asynchronous",
     proto::REPLICA_RECEIVE, "any 1", proto::FLUSH, proto::ON_RECEIVE, proto::DEGRADE, 10 * kSecond,
     proto::EVERY_BATCH},
    {"mysql:after_sync",
     "rpl_semi_sync wait_point = AFTER_SYNC (default): nobody sees it before a replica has it; "
     "timeout 10 s, then asynchronous",
     proto::REPLICA_RECEIVE, "any 1", proto::REPLICA_RECEIVE, proto::ON_RECEIVE, proto::DEGRADE,
     10 * kSecond, proto::EVERY_BATCH},

    {"mongodb:w1", "{w: 1}: in the primary's memory, journalled every commitIntervalMs (100 ms)",
     proto::APPEND, "any 1", proto::APPEND, proto::ON_RECEIVE, proto::BLOCK, kSecond,
     proto::INTERVAL, Millis(100)},
    {"mongodb:majority",
     "{w: majority}, read concern local: a majority has journalled it (a waiting write wakes the "
     "journal); local readers see it at once",
     proto::REPLICA_FLUSH, "majority", proto::APPEND, proto::ON_RECEIVE, proto::BLOCK, kSecond,
     proto::EVERY_BATCH},

    {"redis:default", "appendfsync everysec, no WAIT: executed in memory", proto::APPEND, "any 1",
     proto::APPEND, proto::ON_RECEIVE, proto::BLOCK, kSecond, proto::INTERVAL, kSecond},
    {"redis:wait1",
     "WAIT 1 1000: one replica has executed it; readers saw it before; else the count falls short "
     "(unknown)",
     proto::REPLICA_APPLY, "any 1", proto::APPEND, proto::ON_RECEIVE, proto::ANSWER_UNKNOWN,
     kSecond, proto::INTERVAL, kSecond},
    {"redis:waitaof",
     "WAITAOF 0 1 2000 (0 1: with sync every-batch, 1 1): one replica's AOF is flushed, once a "
     "second with everysec",
     proto::REPLICA_FLUSH, "any 1", proto::APPEND, proto::ON_RECEIVE, proto::ANSWER_UNKNOWN,
     2 * kSecond, proto::INTERVAL, kSecond},

    {"kafka:acks0",
     "acks = 0: not waited for; readers on the leader see it at the high watermark (every "
     "replica); page cache only",
     proto::APPEND, "all", proto::REPLICA_WRITE, proto::ON_COMMIT, proto::DEGRADE, 30 * kSecond,
     proto::OS},
    {"kafka:acks1",
     "acks = 1: in the leader's page cache; readers on the leader see it at the high watermark; "
     "ISR shrinks after 30 s",
     proto::WRITE, "all", proto::REPLICA_WRITE, proto::ON_COMMIT, proto::DEGRADE, 30 * kSecond,
     proto::OS},
    {"kafka:acks_all",
     "acks = all, min.insync.replicas = all: in every page cache; after replica.lag.time.max (30 "
     "s) NotEnoughReplicas",
     proto::REPLICA_WRITE, "all", proto::REPLICA_WRITE, proto::ON_COMMIT, proto::REJECT,
     30 * kSecond, proto::OS},

    {"quorum",
     "Raft, etcd: a majority has flushed it, then it is applied everywhere; waits for ever",
     proto::REPLICA_FLUSH, "majority", proto::REPLICA_FLUSH, proto::ON_COMMIT, proto::BLOCK,
     kSecond, proto::EVERY_BATCH},
};

Preset Make(const Row& row) {
  Preset preset;
  preset.name = row.name;
  preset.description = row.description;
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
  preset.durability.set_sync(row.sync);
  if (row.interval.count() > 0) preset.durability.mutable_interval()->set_ns(row.interval.count());
  return preset;
}

}  // namespace

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
