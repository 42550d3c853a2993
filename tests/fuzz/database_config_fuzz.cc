// Any text as a configuration of a database: it is refused with its file and line, or gives presets
// that exist.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "simulator/choose/config/reading.h"
#include "simulator/scenario/presets.h"
#include "tests/fuzz/fuzz.h"

namespace replsim {

void FuzzOne(absl::string_view input) {
  for (const std::string path : {"postgresql.conf", "my.cnf", "redis.conf", "mongod.conf"}) {
    const absl::StatusOr<ConfigReading> reading = ReadConfiguration(std::string(input), path);
    if (!reading.ok()) {
      REPL_CHECK(absl::StartsWith(reading.status().message(), absl::StrCat(path, ":")),
                 reading.status().message());
      continue;
    }
    REPL_CHECK(FindPreset(reading->mode) != nullptr, reading->mode);
    for (const std::string& mode : reading->compared) {
      REPL_CHECK(FindPreset(mode) != nullptr, mode);
    }
    for (const ConfigFinding& finding : reading->findings) {
      REPL_CHECK(absl::StartsWith(finding.place, path) && !finding.text.empty());
    }
  }
}

std::vector<std::string> FuzzSeeds() {
  return {"synchronous_commit = on\nsynchronous_standby_names = 'ANY 2 (a, b, c)' # x\n",
          "include 'a.conf'\nfsync off\nwal_writer_delay = '10 s'\nmax_wal_senders = 0\n",
          "[mysqld]\nrpl_semi_sync_master_enabled\nrpl-semi-sync-master-timeout=1000\n"
          "sync_binlog = 0\n!include x\n",
          "appendonly yes\nappendfsync everysec\nmin-replicas-to-write 1\nsave \"\"\n",
          "storage:\n  journal: {enabled: false, commitIntervalMs: 3}\nreplication:\n"
          "  replSetName: rs0\n"};
}

}  // namespace replsim
