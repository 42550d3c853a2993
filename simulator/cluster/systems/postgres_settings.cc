#include "simulator/cluster/systems/postgres_settings.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace replsim {
namespace {

constexpr int64_t kPostgresMillisecondNs = 1'000'000;
constexpr int64_t kWalWriterDelayMaxNs = 10'000 * kPostgresMillisecondNs;
// For the simulator's own connections: status, promotion, final read, pg_rewind.
constexpr uint32_t kOwnConnections = 40;
// The default, and so that of the template. A standby refuses to start with less than its primary
// had.
constexpr uint32_t kConnectionsLeast = 100;

// Settings that the knobs or the run decide.
const std::vector<absl::string_view>& OwnedByRun() {
  static const auto& owned = *new std::vector<absl::string_view>{
      "allow_system_table_mods",
      "archive_cleanup_command",
      "archive_command",
      "archive_library",
      "archive_mode",
      "cluster_name",
      "config_file",
      "data_directory",
      "data_sync_retry",
      "external_pid_file",
      "fsync",
      "full_page_writes",
      "hba_file",
      "hot_standby",
      "ident_file",
      "include",
      "include_dir",
      "include_if_exists",
      "listen_addresses",
      "local_preload_libraries",
      "log_destination",
      "logging_collector",
      "max_connections",
      "max_slot_wal_keep_size",
      "max_wal_size",
      "port",
      "primary_conninfo",
      "primary_slot_name",
      "promote_trigger_file",
      "recovery_end_command",
      "restore_command",
      "session_preload_libraries",
      "shared_preload_libraries",
      "ssl",
      "synchronous_commit",
      "synchronous_standby_names",
      "unix_socket_directories",
      "wal_init_zero",
      "wal_keep_size",
      "wal_level",
      "wal_log_hints",
      "wal_receiver_timeout",
      "wal_sender_timeout",
      "wal_sync_method",
      "wal_writer_delay",
  };
  return owned;
}

// synchronous_commit; empty if PostgreSQL has no such acknowledgement.
absl::string_view CommitLevel(proto::AckStage ack_after) {
  switch (ack_after) {
    case proto::APPEND:
      return "off";
    case proto::FLUSH:
      return "local";
    case proto::REPLICA_WRITE:
      return "remote_write";
    case proto::REPLICA_FLUSH:
      return "on";
    case proto::REPLICA_APPLY:
      return "remote_apply";
    default:
      return "";
  }
}

bool WaitsForStandbys(const proto::ReplicationSpec& replication) {
  return replication.ack_after() >= proto::REPLICA_RECEIVE;
}

class PostgresCheck {
 public:
  PostgresCheck(const proto::Scenario& scenario, std::vector<SystemRefusal>* refusals)
      : scenario_(scenario), replication_(scenario.replication()), refusals_(refusals) {}

  void Check() {
    CheckAcknowledgement();
    CheckStages();
    CheckDurability();
    CheckHeartbeat();
    RefuseOwnedSettings(scenario_, OwnedByRun(), refusals_);
  }

 private:
  void Add(const char* path, std::string text) {
    refusals_->push_back({path, absl::StrCat("postgres ", text)});
  }

  void CheckAcknowledgement() {
    if (replication_.ack_after() == proto::WRITE) {
      Add("replication.ack_after",
          "has no acknowledgement after the primary's write; nearest is flush "
          "(synchronous_commit = local)");
    } else if (replication_.ack_after() == proto::REPLICA_RECEIVE) {
      Add("replication.ack_after",
          "has no acknowledgement after replica-receive; nearest is replica-write "
          "(synchronous_commit = remote_write)");
    }
    if (!WaitsForStandbys(replication_)) return;
    if (replication_.on_timeout() != proto::BLOCK) {
      Add("replication.on_timeout",
          "waits for its standbys without a limit; nearest is on_timeout: block, with a deadline "
          "of the clients");
    }
  }

  void CheckStages() {
    const absl::string_view level = CommitLevel(replication_.ack_after());
    if (!level.empty() && replication_.visible_after() != replication_.ack_after()) {
      Add("replication.visible_after",
          "shows a write when it acknowledges it; expected the stage of ack_after");
    }
    if (replication_.replica_apply() != proto::ON_FLUSH) {
      Add("replication.replica_apply",
          "replays on a standby what it has flushed; nearest is replica_apply: on-flush");
    }
    if (replication_.send_after() != proto::FLUSH) {
      Add("replication.send_after", "sends what it has flushed; nearest is send_after: flush");
    }
    if (!replication_.serialize_keys()) {
      Add("replication.serialize_keys",
          "holds a row's lock until the acknowledgement; nearest is serialize_keys: true");
    }
  }

  void CheckDurability() {
    const proto::Durability& durability = scenario_.cluster().durability();
    const bool off = replication_.ack_after() == proto::APPEND;
    if (off && durability.sync() != proto::INTERVAL) {
      Add("cluster.durability.sync",
          "flushes every wal_writer_delay if it acknowledges before the flush; nearest is "
          "interval");
    } else if (!off && durability.sync() != proto::EVERY_BATCH) {
      Add("cluster.durability.sync",
          "flushes for each commit, several at once, unless ack_after is append; nearest is "
          "every-batch");
    }
    const int64_t interval = durability.interval().ns();
    if (off && durability.sync() == proto::INTERVAL &&
        (interval % kPostgresMillisecondNs != 0 || interval < kPostgresMillisecondNs ||
         interval > kWalWriterDelayMaxNs)) {
      Add("cluster.durability.interval",
          "counts wal_writer_delay in whole milliseconds from 1ms to 10s; its default is 200ms");
    }
    const proto::ReplicaDurability& replica = durability.replica();
    const proto::SyncPolicy replica_sync =
        replica.sync() == proto::SYNC_UNSPECIFIED ? durability.sync() : replica.sync();
    if (replica_sync != proto::EVERY_BATCH) {
      Add("cluster.durability.replica",
          "flushes on a standby what it has received; nearest is sync: every-batch");
    }
  }

  void CheckHeartbeat() {
    const proto::Heartbeat& heartbeat = scenario_.cluster().heartbeat();
    const int64_t timeout = heartbeat.timeout().ns();
    if (timeout % kPostgresMillisecondNs != 0 || timeout < kPostgresMillisecondNs) {
      Add("cluster.heartbeat.timeout",
          "counts wal_sender_timeout in whole milliseconds; its default is 60s");
    }
    if (heartbeat.interval().ns() * 2 != timeout) {
      Add("cluster.heartbeat.interval",
          "asks for a sign of life after half of the timeout; expected half of "
          "cluster.heartbeat.timeout");
    }
  }

  const proto::Scenario& scenario_;
  const proto::ReplicationSpec& replication_;
  std::vector<SystemRefusal>* const refusals_;
};

// The same on every node, because any of them may become the primary. A node never counts itself.
std::string StandbyNames(const proto::Scenario& scenario) {
  const proto::SyncSetSpec& set = scenario.replication().sync_set();
  const uint32_t replicas = scenario.cluster().replicas();
  std::vector<std::string> names(set.ids().begin(), set.ids().end());
  if (names.empty()) {
    names.emplace_back("p");
    for (uint32_t i = 1; i <= replicas; ++i) names.push_back(absl::StrCat("r", i));
  }
  const std::string list = absl::StrCat(" (", absl::StrJoin(names, ", "), ")");
  switch (set.kind()) {
    case proto::SyncSetSpec::ALL:
      return absl::StrCat("FIRST ", replicas, list);
    case proto::SyncSetSpec::MAJORITY:  // the primary is one of the majority
      return absl::StrCat("ANY ", (replicas + 1) / 2, list);
    case proto::SyncSetSpec::FIRST_OF:
      return absl::StrCat("FIRST ", set.count(), list);
    default:
      return absl::StrCat("ANY ", set.count(), list);
  }
}

}  // namespace

void RefuseForPostgres(const proto::Scenario& scenario, std::vector<SystemRefusal>* refusals) {
  PostgresCheck(scenario, refusals).Check();
}

PostgresSettings PostgresSettingsOf(const proto::Scenario& scenario) {
  const proto::Cluster& cluster = scenario.cluster();
  const proto::ReplicationSpec& replication = scenario.replication();
  const bool off = replication.ack_after() == proto::APPEND;
  const std::string timeout =
      absl::StrCat(cluster.heartbeat().timeout().ns() / kPostgresMillisecondNs, "ms");
  const uint32_t in_flight = scenario.workload().style() == proto::FUTURE
                                 ? std::max<uint32_t>(scenario.workload().depth(), 1)
                                 : 1;
  PostgresSettings result;
  result.settings = {
      {"synchronous_commit", std::string(CommitLevel(replication.ack_after()))},
      {"synchronous_standby_names", WaitsForStandbys(replication) ? StandbyNames(scenario) : ""},
      {"wal_sender_timeout", timeout},
      {"wal_receiver_timeout", timeout},
      {"max_connections",
       absl::StrCat(std::max(scenario.workload().clients() * in_flight + kOwnConnections,
                             kConnectionsLeast))},
      {"listen_addresses", "127.0.0.1"},
      {"unix_socket_directories", ""},
      // pg_rewind needs them, and every later reader of the WAL needs all of it.
      {"wal_log_hints", "on"},
      {"wal_keep_size", "16GB"},
      {"max_wal_size", "16GB"},
      {"log_line_prefix", "%m [%p] "},
  };
  if (off) {
    result.settings.emplace_back(
        "wal_writer_delay",
        absl::StrCat(cluster.durability().interval().ns() / kPostgresMillisecondNs, "ms"));
  }
  for (const proto::Setting& setting : cluster.settings()) {
    result.settings.emplace_back(setting.name(), setting.value());
  }
  return result;
}

std::string PostgresQuoted(absl::string_view value) {
  return absl::StrCat("'", absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "''"}}), "'");
}

}  // namespace replsim
