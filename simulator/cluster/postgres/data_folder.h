// The data folders of the nodes: made from a template, restarted, rewound after a failover, read
// when the node is down, and removed at the end. All functions are blocking.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "simulator/cluster/foreign/native_log.h"
#include "simulator/cluster/foreign/system.h"
#include "simulator/cluster/postgres/server_user.h"
#include "simulator/cluster/systems/postgres_settings.h"

namespace replsim {

// The programs of one PostgreSQL installation.
struct PostgresPrograms {
  std::string folder;   // /usr/lib/postgresql/15/bin
  std::string version;  // "15.18"
  std::string Path(absl::string_view name) const;
};
// The newest installation, of version 15 or later. The error names the package.
absl::StatusOr<PostgresPrograms> FindPostgres();

class DataFolders {
 public:
  DataFolders(PostgresPrograms programs, ServerUser user, PostgresSettings settings,
              std::string password);
  // Removes the data of every node, and the template.
  ~DataFolders();
  DataFolders(const DataFolders&) = delete;
  DataFolders& operator=(const DataFolders&) = delete;

  // The data folder of a node, inside its folder of the recording.
  static std::string DataOf(absl::string_view node_folder);

  // Brings the node's data and settings into the state in which `start` can start it.
  absl::Status Prepare(const NodeStart& start);
  // The log of a node that is down.
  absl::StatusOr<NativeLog> ReadLog(const std::string& node_folder);

 private:
  absl::Status MakeTemplate(const std::string& node_folder);
  absl::Status WriteSettings(const NodeStart& start, const std::string& data);
  absl::Status Rewind(const NodeStart& start, const std::string& data);

  const PostgresPrograms programs_;
  const ServerUser user_;
  const PostgresSettings settings_;
  const std::string password_;
  std::string template_;      // folder; empty: not made
  uint64_t log_begins_ = 0;   // where the WAL of the template ends
  uint64_t first_epoch_ = 1;  // of the first primary
  std::vector<std::string> made_;
};

// Removes the System V shared memory that a killed server has left behind, once none of its
// processes uses it, and its postmaster.pid.
absl::Status ForgetServer(const std::string& data);

}  // namespace replsim
