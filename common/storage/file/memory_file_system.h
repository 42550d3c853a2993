// A disk in memory, for tests and virtual time. Deterministic. As in POSIX, a file can only be
// created in a folder that exists, and open files stay usable when they are renamed or removed. It
// never loses data; NodeDisk and FaultyFileSystem add that. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "common/storage/file/file.h"

namespace replsim {

struct MemoryContents {
  std::mutex mutex;
  std::string bytes;
};

class MemoryFileSystem : public FileSystem {
 public:
  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, bool create) override;
  absl::Status MakeFolder(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& folder) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status SyncFolder(const std::string& path) override;

 private:
  absl::Status NeedFolder(const std::string& path) const;

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<MemoryContents>> files_;
  std::set<std::string> folders_;
};

}  // namespace replsim
