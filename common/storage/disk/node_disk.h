// The disk of one node: any FileSystem, with what a real one does to those who trust it. It notes
// of every file what has been flushed (flush_notes.h), so that the power can be lost, and is slow,
// full or broken as its faults say (disk_faults.h). The same live, around the machine's own files,
// and in virtual time, around files in memory. Thread-safe as FileSystem is.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/storage/disk/disk_faults.h"
#include "common/storage/disk/flush_notes.h"
#include "common/storage/file/file.h"

namespace replsim {

class NodeDisk final : public FileSystem {
 public:
  // Called before each write, and before each flush, by whoever does it: for what takes time. Null
  // ones are left out.
  struct Hooks {
    std::function<void()> before_write;
    std::function<void()> before_flush;
  };
  // All outlive the disk.
  NodeDisk(FileSystem& base, FlushNotes& notes, DiskFaults& faults, Hooks hooks)
      : base_(base), notes_(notes), faults_(faults), hooks_(std::move(hooks)) {}

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
  FlushNotes& notes_;
  DiskFaults& faults_;
  const Hooks hooks_;
};

}  // namespace replsim
