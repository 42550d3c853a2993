#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status.h"
#include "simulator/choose/config/reading.h"

namespace replsim {
namespace {

// synchronous_standby_names: which standbys a commit waits for. None: `number` is 0.
struct StandbyNames {
  bool any = false;  // ANY: a quorum; otherwise FIRST
  uint32_t number = 0;
  size_t names = 0;
  bool has_star = false;  // any standby counts
};

// "FIRST 1 (a, b)", "ANY 2 (a, b, c)", "2 (a, b)", "a, b", "*".
absl::StatusOr<StandbyNames> ParseStandbyNames(const ConfigFile& file,
                                               const ConfigSetting& setting) {
  StandbyNames standbys;
  absl::string_view text = absl::StripAsciiWhitespace(setting.value);
  if (text.empty()) return standbys;
  standbys.number = 1;
  const size_t open = text.find('(');
  if (open != absl::string_view::npos) {
    const std::vector<std::string> words =
        absl::StrSplit(absl::AsciiStrToLower(text.substr(0, open)), ' ', absl::SkipWhitespace());
    const bool named = words.size() == 2 && (words[0] == "first" || words[0] == "any");
    if (text.back() != ')' || (words.size() != 1 && !named) ||
        !absl::SimpleAtoi(words.back(), &standbys.number) || standbys.number == 0) {
      return file.Refuse(setting, "expected for example FIRST 1 (s1, s2) or ANY 2 (s1, s2, s3)");
    }
    standbys.any = words[0] == "any";
    text = text.substr(open + 1, text.size() - open - 2);
  }
  for (const absl::string_view name : absl::StrSplit(text, ',')) {
    const absl::string_view bare = absl::StripAsciiWhitespace(name);
    if (bare.empty()) return file.Refuse(setting, "a name of the list is empty");
    standbys.has_star |= bare == "*";
    ++standbys.names;
  }
  return standbys;
}

constexpr const char* kCommits[] = {"on", "off", "local", "remote_write", "remote_apply"};

absl::StatusOr<std::string> ReadCommit(const ConfigFile& file, const ConfigSetting* setting) {
  if (setting == nullptr) return std::string("on");
  const std::string value = absl::AsciiStrToLower(setting->value);
  if (std::find(std::begin(kCommits), std::end(kCommits), value) != std::end(kCommits)) {
    return value;
  }
  const absl::StatusOr<bool> on = ReadBool(file, *setting);
  if (on.ok()) return std::string(*on ? "on" : "off");
  return file.Refuse(*setting, "expected on, off, local, remote_write or remote_apply");
}

class PostgresReader {
 public:
  explicit PostgresReader(const ConfigFile& file) : file_(file) {}

  absl::StatusOr<ConfigReading> Read() {
    const ConfigSetting* commit = file_.Find("synchronous_commit");
    const ConfigSetting* names = file_.Find("synchronous_standby_names");
    REPL_ASSIGN_OR_RETURN(commit_, ReadCommit(file_, commit));
    if (names != nullptr) {
      REPL_ASSIGN_OR_RETURN(standbys_, ParseStandbyNames(file_, *names));
    }
    reading_.mode = absl::StrCat("postgres:", Effective());
    if (standbys_.number == 0 && commit_ != "off" && commit_ != "local") {
      Find(commit != nullptr ? commit : names,
           absl::StrCat("synchronous_commit = ", commit_, commit == nullptr ? " (the default)" : "",
                        " waits for no standby, because synchronous_standby_names is ",
                        names == nullptr ? "not set" : "empty",
                        ". A commit waits for the primary's own flush alone: this is asynchronous "
                        "replication"));
      reading_.compared.push_back(absl::StrCat("postgres:", commit_));
    } else if (standbys_.number > 0 && (commit_ == "off" || commit_ == "local")) {
      Find(commit, absl::StrCat("synchronous_commit = ", commit_,
                                " waits for no standby, although synchronous_standby_names (",
                                file_.PlaceOf(names), ") names some"));
      reading_.compared.emplace_back("postgres:on");
    } else if (standbys_.number > 0) {
      CheckSyncSet(*names);
    }
    if (standbys_.number > 0 && commit_ != "off" && commit_ != "local") {
      Find(commit,
           "this is the default: a role, a database, a session or a transaction can set "
           "synchronous_commit = local or off, and then waits for no standby");
    }
    if (commit_ == "remote_write" && standbys_.number > 0) {
      Find(commit,
           "a standby acknowledges from its page cache: if it loses power together with the "
           "primary, acknowledged commits are lost");
      reading_.compared.emplace_back("postgres:on");
    }
    REPL_RETURN_IF_ERROR(ReadFlushes(commit));
    SetSyncSet();
    return reading_;
  }

 private:
  // The word of the preset.
  std::string Effective() const {
    if (standbys_.number > 0 || commit_ == "off") return commit_;
    return "local";
  }

  void Find(const ConfigSetting* setting, std::string text) {
    reading_.findings.push_back({file_.PlaceOf(setting), std::move(text)});
  }

  void CheckSyncSet(const ConfigSetting& names) {
    if (standbys_.has_star) return;
    if (standbys_.names < standbys_.number) {
      Find(&names, absl::StrCat("a commit waits for ", standbys_.number, " standbys, and ",
                                standbys_.names, " can count: no commit returns"));
    } else if (standbys_.names == standbys_.number) {
      Find(&names,
           absl::StrCat("all ", standbys_.names,
                        " named standbys must answer: every commit waits while one of them is "
                        "down"));
    }
  }

  // The modes that it is compared with wait for the same standbys.
  void SetSyncSet() {
    if (!standbys_.has_star) reading_.replicas = static_cast<uint32_t>(standbys_.names);
    const std::string set = absl::StrCat(standbys_.any ? "any " : "first ", standbys_.number);
    if (standbys_.number == 0 || set == "first 1") return;
    std::vector<std::string> modes = reading_.compared;
    modes.push_back(reading_.mode);
    for (const std::string& mode : modes) {
      reading_.sets[mode].push_back(absl::StrCat("replication.sync_set=", set));
    }
  }

  absl::Status ReadFlushes(const ConfigSetting* commit) {
    if (const ConfigSetting* delay = file_.Find("wal_writer_delay"); delay != nullptr) {
      REPL_ASSIGN_OR_RETURN(const std::string interval, ReadTime(file_, *delay, "ms"));
      reading_.sets["postgres:off"].push_back(
          absl::StrCat("cluster.durability.interval=", interval));
    }
    if (commit_ == "off") {
      Find(commit,
           "a commit is acknowledged before its WAL is flushed or sent: a crash of the primary "
           "loses the commits of up to three times wal_writer_delay");
      if (reading_.compared.empty()) reading_.compared.emplace_back("postgres:local");
    }
    const ConfigSetting* fsync = file_.Find("fsync");
    if (fsync != nullptr) {
      REPL_ASSIGN_OR_RETURN(const bool flushes, ReadBool(file_, *fsync));
      if (!flushes) {
        Find(fsync,
             "nothing is flushed: a power loss loses acknowledged commits and can corrupt "
             "the database");
        reading_.sets[reading_.mode].push_back("cluster.durability.sync=os");
      }
    }
    if (const ConfigSetting* senders = file_.Find("max_wal_senders"); senders != nullptr) {
      REPL_ASSIGN_OR_RETURN(const uint32_t count, ReadCount(file_, *senders));
      if (count == 0) Find(senders, "no standby can connect: there is no streaming replication");
    }
    const ConfigSetting* level = file_.Find("wal_level");
    if (level != nullptr && absl::AsciiStrToLower(level->value) == "minimal") {
      Find(level, "the WAL is too small for a standby: there is no replication");
    }
    return absl::OkStatus();
  }

  const ConfigFile& file_;
  std::string commit_;
  StandbyNames standbys_;
  ConfigReading reading_;
};

}  // namespace

absl::StatusOr<ConfigReading> ReadPostgres(const ConfigFile& file) {
  return PostgresReader(file).Read();
}

}  // namespace replsim
