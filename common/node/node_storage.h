// A node's persistent state in one folder: its log, its metadata, and the rollback file with the
// records truncated from its log. Opening it is recovery. Belongs to the node's thread; log() has
// its own rules (common/storage/log/log.h).
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/storage/log/log.h"
#include "common/storage/log/metadata.h"

namespace replsim {

class NodeStorage {
 public:
  // Errors: DataLoss if the log or the metadata is corrupt, or if the log's records and the
  // metadata's epoch history disagree. FailedPrecondition if the log begins after LSN 1, because
  // the store cannot be rebuilt without a snapshot. Errors of the disk are passed on.
  static absl::StatusOr<NodeStorage> Open(FileSystem& fs, const std::string& folder,
                                          LogOptions options = {});

  Log& log() { return *log_; }
  const Recovery& recovery() const { return recovery_; }
  const Metadata& metadata() const { return metadata_; }
  absl::Status Save(Metadata metadata);  // durable when it returns
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
