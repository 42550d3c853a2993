// The file seam: everything the log and the metadata ask of a disk. Live it is POSIX; tests put a
// FaultyFileSystem around it, and virtual time has a disk of its own. Calls block; whoever calls
// decides on which thread. Paths are plain strings, '/'-separated.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

// An open file. One thread at a time may change it (write, truncate, flush); ReadAt and Size may
// run beside that on another thread, as long as the bytes read are not the ones being changed.
class File {
 public:
  virtual ~File() = default;
  virtual absl::Status WriteAt(uint64_t offset, absl::string_view data) = 0;
  // Up to `bytes` from `offset`; fewer only at the end of the file.
  virtual absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t bytes) const = 0;
  virtual absl::Status Truncate(uint64_t size) = 0;
  virtual absl::Status Sync() = 0;  // fdatasync
  // For whoever begins a flush long before Sync says that it has ended: what is written from here
  // on is none of its business.
  virtual void BeginSync() {}
  // In place of Sync, for who has the kernel flush descriptor() (io_uring): `error` is the errno
  // that came of it, 0 for none. The status is what Sync would have returned. Files without a
  // descriptor (-1) cannot be flushed so.
  virtual absl::Status EndSync(int error) { return absl::ErrnoToStatus(error, "flush"); }
  virtual int descriptor() const { return -1; }
  virtual absl::StatusOr<uint64_t> Size() const = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, bool create) = 0;
  virtual absl::Status MakeFolder(
      const std::string& path) = 0;  // with its parents; fine if it exists
  virtual absl::StatusOr<std::vector<std::string>> List(
      const std::string& folder) = 0;  // names, sorted
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  virtual absl::Status Remove(const std::string& path) = 0;
  virtual absl::Status SyncFolder(const std::string& path) = 0;
};

// The machine's own. Lives as long as the program.
FileSystem& PosixFileSystem();

std::string FolderOf(const std::string& path);  // the part before the last '/'; "." where none is

absl::StatusOr<std::string> ReadWholeFile(FileSystem& fs, const std::string& path);
// Write-new, flush, rename, flush the folder: after a crash the file holds the old contents or the
// new ones, whole.
absl::Status ReplaceFile(FileSystem& fs, const std::string& path, absl::string_view contents);

}  // namespace replsim
