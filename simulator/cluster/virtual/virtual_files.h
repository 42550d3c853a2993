// The files of a virtual node: in memory, and each write takes the time that the machine says. A
// flush takes its time in the log device (virtual_disk.h), for nobody waits for it in here.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/wal/memory_file_system.h"

namespace replsim {

class VirtualFiles final : public FileSystem {
 public:
  // `on_write` is called for every write, before it is done.
  explicit VirtualFiles(std::function<void()> on_write) : on_write_(std::move(on_write)) {}

  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, bool create) override;
  absl::Status MakeFolder(const std::string& path) override { return files_.MakeFolder(path); }
  absl::StatusOr<std::vector<std::string>> List(const std::string& folder) override {
    return files_.List(folder);
  }
  absl::Status Rename(const std::string& from, const std::string& to) override {
    return files_.Rename(from, to);
  }
  absl::Status Remove(const std::string& path) override { return files_.Remove(path); }
  absl::Status SyncFolder(const std::string& path) override { return files_.SyncFolder(path); }

 private:
  MemoryFileSystem files_;
  const std::function<void()> on_write_;
};

}  // namespace replsim
