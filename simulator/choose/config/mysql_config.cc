#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/choose/config/reading.h"

namespace replsim {
namespace {

// "rpl_semi_sync_source_timeout", and its name before MySQL 8.0.26, which MariaDB keeps.
std::vector<std::string> SemiSyncNames(const std::string& name) {
  return {absl::StrCat("rpl_semi_sync_source_", name), absl::StrCat("rpl_semi_sync_master_", name)};
}

class MysqlReader {
 public:
  explicit MysqlReader(const ConfigFile& file)
      : file_(file), is_mariadb_(absl::StrContains(absl::AsciiStrToLower(file.path), "mariadb")) {}

  absl::StatusOr<ConfigReading> Read() {
    const ConfigSetting* enabled = file_.FindAny(SemiSyncNames("enabled"));
    bool semi_sync = false;
    if (enabled != nullptr) {
      REPL_ASSIGN_OR_RETURN(semi_sync, ReadBool(file_, *enabled));
    }
    if (semi_sync) {
      REPL_RETURN_IF_ERROR(ReadSemiSync());
    } else {
      ReadAsync(enabled);
    }
    REPL_RETURN_IF_ERROR(ReadFlushes());
    for (const char* name : {"skip_log_bin", "disable_log_bin"}) {
      const ConfigSetting* setting = file_.Find(name);
      if (setting != nullptr) Find(setting, "there is no binary log, and so no replication");
    }
    return reading_;
  }

 private:
  std::string Preset(const std::string& mode) const {
    return absl::StrCat(is_mariadb_ ? "mariadb:" : "mysql:", mode);
  }
  void Find(const ConfigSetting* setting, std::string text) {
    reading_.findings.push_back({file_.PlaceOf(setting), std::move(text)});
  }
  void Set(const std::string& setting) { reading_.sets[reading_.mode].push_back(setting); }

  void ReadAsync(const ConfigSetting* enabled) {
    reading_.mode = Preset("async");
    reading_.compared = {Preset("after_sync")};
    const ConfigSetting* other = file_.FindAny(SemiSyncNames("timeout"));
    if (other == nullptr) {
      other = file_.FindAny({"rpl_semi_sync_replica_enabled", "rpl_semi_sync_slave_enabled"});
    }
    Find(enabled != nullptr ? enabled : other,
         absl::StrCat("semi-synchronous replication is off on the source",
                      other != nullptr ? absl::StrCat(", although ", other->name, " is set") : "",
                      ": a commit waits for the source's own flush alone"));
  }

  absl::Status ReadSemiSync() {
    const ConfigSetting* point = file_.FindAny(SemiSyncNames("wait_point"));
    std::string word = is_mariadb_ ? "after_commit" : "after_sync";
    if (point != nullptr) {
      word = absl::AsciiStrToLower(point->value);
      if (word != "after_sync" && word != "after_commit") {
        return file_.Refuse(*point, "expected AFTER_SYNC or AFTER_COMMIT");
      }
    }
    reading_.mode = Preset(word);
    reading_.compared = {Preset("async")};
    if (word == "after_commit") {
      Find(point, absl::StrCat("other clients see a commit before a replica has it",
                               point == nullptr ? " (the default wait point is AFTER_COMMIT)" : "",
                               ": a failover can take back what they have read"));
    }
    std::string timeout = "10s";
    const ConfigSetting* wait = file_.FindAny(SemiSyncNames("timeout"));
    if (wait != nullptr) {
      REPL_ASSIGN_OR_RETURN(timeout, ReadTime(file_, *wait, "ms"));
      Set(absl::StrCat("replication.timeout=", timeout));
    }
    Find(wait, absl::StrCat("after ", timeout, wait == nullptr ? " (the default)" : "",
                            " without a replica the source goes on asynchronously, and then loses "
                            "what it acknowledges"));
    return ReadReplicaCount();
  }

  absl::Status ReadReplicaCount() {
    const ConfigSetting* count = file_.FindAny({"rpl_semi_sync_source_wait_for_replica_count",
                                                "rpl_semi_sync_master_wait_for_slave_count"});
    if (count == nullptr) return absl::OkStatus();
    REPL_ASSIGN_OR_RETURN(const uint32_t replicas, ReadCount(file_, *count));
    if (replicas == 0) return file_.Refuse(*count, "expected at least 1");
    if (replicas > 1) Set(absl::StrCat("replication.sync_set=any ", replicas));
    return absl::OkStatus();
  }

  absl::Status ReadFlushes() {
    const ConfigSetting* sync = file_.Find("sync_binlog");
    uint32_t every = is_mariadb_ ? 0 : 1;
    if (sync != nullptr) {
      REPL_ASSIGN_OR_RETURN(every, ReadCount(file_, *sync));
    }
    if (every != 1) {
      const std::string value =
          absl::StrCat("sync_binlog = ", every, sync == nullptr ? " (the default of MariaDB)" : "");
      Find(sync, absl::StrCat(value,
                              ": a commit is acknowledged before the binary log is flushed; "
                              "a power loss of the source loses it",
                              every > 1 ? ". It is simulated as 0, which never flushes" : ""));
      Set("cluster.durability.sync=os");
      Set("replication.send_after=write");
    }
    const ConfigSetting* redo = file_.Find("innodb_flush_log_at_trx_commit");
    if (redo != nullptr) {
      REPL_ASSIGN_OR_RETURN(const uint32_t flush, ReadCount(file_, *redo));
      if (flush > 2) return file_.Refuse(*redo, "expected 0, 1 or 2");
      if (flush != 1) {
        Find(redo,
             "InnoDB does not flush its redo log at each commit: after a power loss its "
             "tables can lack commits that the binary log and the replicas have. This is "
             "not simulated");
      }
    }
    return absl::OkStatus();
  }

  const ConfigFile& file_;
  const bool is_mariadb_;
  ConfigReading reading_;
};

}  // namespace

absl::StatusOr<ConfigReading> ReadMysql(const ConfigFile& file) { return MysqlReader(file).Read(); }

}  // namespace replsim
