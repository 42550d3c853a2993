// What a node keeps on disk: its log, its metadata, and what was cut from its log, in one folder.
// Opening it is recovery.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/storage/log/log.h"
#include "common/storage/log/metadata.h"

namespace replsim {

class NodeStorage {
 public:
  // The log's records and the metadata's epoch history must agree; where they do not, neither is
  // touched and the error says so. FailedPreconditionError: the log begins after LSN 1, so the
  // store cannot be rebuilt from it.
  static absl::StatusOr<NodeStorage> Open(FileSystem& fs, const std::string& folder,
                                          LogOptions options = {});

  Log& log() { return *log_; }
  const Recovery& recovery() const { return recovery_; }
  const Metadata& metadata() const { return metadata_; }
  absl::Status Save(Metadata metadata);
  std::string rollback_path() const { return folder_ + "/rollback"; }

 private:
  NodeStorage(FileSystem& fs, std::string folder) : fs_(&fs), folder_(std::move(folder)) {}

  FileSystem* fs_;
  std::string folder_;
  Recovery recovery_;
  Metadata metadata_;
  std::unique_ptr<Log> log_;
};

}  // namespace replsim
