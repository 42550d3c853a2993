#include "simulator/cluster/systems/redis_settings.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr int64_t kMillisecondNs = 1'000'000;

// Settings that the knobs or the run decide.
const std::vector<absl::string_view>& OwnedSettings() {
  static const auto& owned = *new std::vector<absl::string_view>{"appendonly",
                                                                 "appendfsync",
                                                                 "appendfilename",
                                                                 "appenddirname",
                                                                 "aof-use-rdb-preamble",
                                                                 "auto-aof-rewrite-percentage",
                                                                 "port",
                                                                 "bind",
                                                                 "dir",
                                                                 "replicaof",
                                                                 "slaveof",
                                                                 "repl-timeout",
                                                                 "unixsocket",
                                                                 "daemonize",
                                                                 "repl-ping-replica-period",
                                                                 "save",
                                                                 "supervised",
                                                                 "include",
                                                                 "masterauth",
                                                                 "requirepass",
                                                                 "rename-command",
                                                                 "loadmodule",
                                                                 "pidfile",
                                                                 "logfile",
                                                                 "protected-mode",
                                                                 "databases",
                                                                 "aclfile",
                                                                 "cluster-enabled",
                                                                 "tls-port",
                                                                 "enable-debug-command"};
  return owned;
}

bool WaitsForReplicas(const proto::ReplicationSpec& replication) {
  return replication.ack_after() == proto::REPLICA_APPLY;
}

uint32_t ReplicasToWaitFor(const proto::Scenario& scenario) {
  const proto::SyncSetSpec& set = scenario.replication().sync_set();
  const uint32_t replicas = scenario.cluster().replicas();
  switch (set.kind()) {
    case proto::SyncSetSpec::ALL:
      return replicas;
    case proto::SyncSetSpec::MAJORITY:
      return (replicas + 1) / 2;  // the primary is one of the majority
    default:
      return set.count();
  }
}

class RedisCheck {
 public:
  RedisCheck(const proto::Scenario& scenario, std::vector<SystemRefusal>* refusals)
      : scenario_(scenario), replication_(scenario.replication()), refusals_(refusals) {}

  void Check() {
    CheckAcknowledgement();
    CheckStages();
    CheckDurability();
    CheckHeartbeat();
    RefuseOwnedSettings(scenario_, OwnedSettings(), refusals_);
  }

 private:
  void Add(const char* path, std::string text) {
    refusals_->push_back({path, absl::StrCat("redis ", text)});
  }

  void CheckAcknowledgement() {
    switch (replication_.ack_after()) {
      case proto::REPLICA_RECEIVE:
      case proto::REPLICA_WRITE:
        Add("replication.ack_after",
            "has no acknowledgement before a replica has executed the write; nearest is "
            "replica-apply (WAIT)");
        break;
      case proto::REPLICA_FLUSH:
        Add("replication.ack_after",
            "7.0 has no acknowledgement after a replica's flush (WAITAOF is 7.2); nearest is "
            "replica-apply (WAIT)");
        break;
      case proto::FLUSH:
        if (scenario_.cluster().durability().sync() != proto::EVERY_BATCH) {
          Add("replication.ack_after",
              "acknowledges after the primary's flush only with durability.sync: every-batch "
              "(appendfsync always)");
        }
        break;
      default:
        break;
    }
    if (!WaitsForReplicas(replication_)) return;
    if (replication_.sync_set().kind() == proto::SyncSetSpec::FIRST_OF) {
      Add("replication.sync_set", "waits for any K replicas; nearest is any K");
    }
    if (replication_.on_timeout() == proto::REJECT || replication_.on_timeout() == proto::DEGRADE) {
      Add("replication.on_timeout",
          "has executed the write when WAIT gives up; nearest is on_timeout: unknown");
    }
  }

  void CheckStages() {
    const proto::AckStage visible = replication_.visible_after();
    if (visible != proto::APPEND && visible != proto::WRITE) {
      Add("replication.visible_after",
          "shows a write as soon as it has executed it; nearest is visible_after: append");
    }
    if (replication_.replica_apply() != proto::ON_RECEIVE) {
      Add("replication.replica_apply",
          "executes on a replica what it receives; nearest is replica_apply: on-receive");
    }
    if (replication_.send_after() == proto::FLUSH) {
      Add("replication.send_after",
          "sends a write before the flush of its AOF; nearest is send_after: write");
    }
    if (replication_.serialize_keys()) {
      Add("replication.serialize_keys", "has no row locks; nearest is serialize_keys: off");
    }
  }

  void CheckDurability() {
    const proto::Durability& durability = scenario_.cluster().durability();
    if (durability.sync() == proto::EVERY_WRITE) {
      Add("cluster.durability.sync",
          "flushes once per turn of its loop at most; nearest is every-batch (appendfsync always)");
    }
    if (durability.sync() == proto::INTERVAL && durability.interval().ns() != kSecondNs) {
      Add("cluster.durability.interval",
          "flushes every second (appendfsync everysec); nearest is 1s");
    }
    const proto::ReplicaDurability& replica = durability.replica();
    if (replica.sync() != proto::SYNC_UNSPECIFIED && replica.sync() != durability.sync()) {
      Add("cluster.durability.replica", "is configured alike in both roles here; expected none");
    }
  }

  void CheckHeartbeat() {
    const proto::Heartbeat& heartbeat = scenario_.cluster().heartbeat();
    if (heartbeat.interval().ns() % kSecondNs != 0 || heartbeat.interval().ns() == 0) {
      Add("cluster.heartbeat.interval",
          "counts repl-ping-replica-period in whole seconds; nearest is 1s, its default 10s");
    }
    if (heartbeat.timeout().ns() % kSecondNs != 0 || heartbeat.timeout().ns() == 0) {
      Add("cluster.heartbeat.timeout",
          "counts repl-timeout in whole seconds; nearest is 1s, its default 60s");
    }
  }

  const proto::Scenario& scenario_;
  const proto::ReplicationSpec& replication_;
  std::vector<SystemRefusal>* const refusals_;
};

const char* FsyncPolicy(proto::SyncPolicy sync) {
  switch (sync) {
    case proto::EVERY_BATCH:
      return "always";
    case proto::OS:
      return "no";
    default:
      return "everysec";
  }
}

}  // namespace

void RefuseForRedis(const proto::Scenario& scenario, std::vector<SystemRefusal>* refusals) {
  RedisCheck(scenario, refusals).Check();
}

RedisSettings RedisSettingsOf(const proto::Scenario& scenario) {
  RedisSettings settings;
  const proto::Heartbeat& heartbeat = scenario.cluster().heartbeat();
  settings.lines = {
      {"appendonly", "yes"},
      {"appendfsync", FsyncPolicy(scenario.cluster().durability().sync())},
      {"aof-use-rdb-preamble", "no"},
      // A rewrite would drop the history of the AOF, from which the run is judged.
      {"auto-aof-rewrite-percentage", "0"},
      {"save", "\"\""},
      {"repl-ping-replica-period", absl::StrCat(heartbeat.interval().ns() / kSecondNs)},
      {"repl-timeout", absl::StrCat(heartbeat.timeout().ns() / kSecondNs)},
      // The default of 5 s would add to every start and rejoin. cluster.settings can restore it.
      {"repl-diskless-sync-delay", "0"},
  };
  for (const proto::Setting& setting : scenario.cluster().settings()) {
    settings.lines.emplace_back(setting.name(), setting.value());
  }
  if (WaitsForReplicas(scenario.replication())) {
    const proto::ReplicationSpec& replication = scenario.replication();
    const bool forever = replication.on_timeout() == proto::BLOCK;
    settings.wait = RedisSettings::Wait{
        ReplicasToWaitFor(scenario),
        forever ? 0 : std::max<int64_t>(replication.timeout().ns() / kMillisecondNs, 1)};
  }
  return settings;
}

}  // namespace replsim
