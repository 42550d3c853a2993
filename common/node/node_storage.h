// A node's persistent state in one folder: its log, its metadata, and the rollback file with the
// records truncated from its log. Opening it is recovery. Belongs to the node's thread; log() has
// its own rules (common/storage/log/log.h).
//
// A node that is shut down in order flushes its log and then marks the folder as clean; opening the
// folder removes the mark before anything is served. So a folder without the mark is that of a node
// that died, and may lack what was not flushed. The folder does not show whether it does: a killed
// process leaves its page cache to the kernel, a power loss does not, and both look the same.
// Kafka keeps a file for this (.kafka_cleanshutdown, with the broker epoch since KIP-966).
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
  // Durable when it returns. Never marks the folder as clean.
  absl::Status Save(Metadata metadata);
  // Whether the folder was fresh or marked as clean when it was opened.
  bool was_clean() const { return was_clean_; }
  // Flushes the log and marks the folder as clean. The last call of an orderly shutdown.
  absl::Status MarkClean();
  std::string rollback_path() const { return folder_ + "/rollback"; }

 private:
  NodeStorage(FileSystem& fs, std::string folder) : fs_(&fs), folder_(std::move(folder)) {}

  FileSystem* fs_;
  std::string folder_;
  Recovery recovery_;
  Metadata metadata_;
  bool was_clean_ = false;
  std::unique_ptr<Log> log_;
};

}  // namespace replsim
