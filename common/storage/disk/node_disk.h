// The disk of one node: a FileSystem wrapper that tracks what has been flushed (durable_extents.h),
// to simulate power loss, and that injects latency, ENOSPC and fsync errors (disk_faults.h). Live
// runs wrap the POSIX files, virtual time wraps files in memory. Thread-safe as FileSystem is.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/storage/disk/disk_faults.h"
#include "common/storage/disk/durable_extents.h"
#include "common/storage/file/file.h"

namespace replsim {

class NodeDisk final : public FileSystem {
 public:
  // Called before each write and each flush, on the thread that writes or flushes. A hook may
  // block, to make the operation take longer. A null hook is skipped.
  struct Hooks {
    std::function<void()> before_write;
    std::function<void()> before_flush;
  };
  // `base`, `extents` and `faults` must outlive the disk.
  NodeDisk(FileSystem& base, DurableExtents& extents, DiskFaults& faults, Hooks hooks)
      : base_(base), extents_(extents), faults_(faults), hooks_(std::move(hooks)) {}

  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, bool create) override;
  absl::Status MakeFolder(const std::string& path) override { return base_.MakeFolder(path); }
  absl::StatusOr<std::vector<std::string>> List(const std::string& folder) override {
    return base_.List(folder);
  }
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status SyncFolder(const std::string& path) override;

 private:
  class Handle;

  FileSystem& base_;
  DurableExtents& extents_;
  DiskFaults& faults_;
  const Hooks hooks_;
};

}  // namespace replsim
