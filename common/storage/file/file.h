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

// What a disk writes whole or not at all.
inline constexpr uint64_t kSectorBytes = 512;
// Of the sector in which the byte at `offset` lies.
constexpr uint64_t SectorEnd(uint64_t offset) { return (offset / kSectorBytes + 1) * kSectorBytes; }

// What a flush covers: everything written before BeginSync returned it, and nothing written since.
// Where that ends in the file is noted by those that care (common/storage/disk/node_disk.h).
struct SyncMark {
  uint64_t data_end = 0;
  uint64_t size_bytes = 0;
};

// An open file. One thread at a time writes and truncates it, and one at a time flushes it; the two
// may differ. ReadAt and Size may run beside that on any other, as long as the bytes read are not
// the ones being changed.
class File {
 public:
  virtual ~File() = default;
  virtual absl::Status WriteAt(uint64_t offset, absl::string_view data) = 0;
  // Up to `bytes` from `offset`; fewer only at the end of the file.
  virtual absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t bytes) const = 0;
  virtual absl::Status Truncate(uint64_t size) = 0;
  // Flushes (fdatasync) what was written before the call.
  absl::Status Sync() { return SyncTo(BeginSync()); }
  // The same in two halves, for whoever goes on writing in between.
  virtual SyncMark BeginSync() { return {}; }
  virtual absl::Status SyncTo(const SyncMark& mark) = 0;
  // In place of SyncTo, for who has the kernel flush descriptor() (io_uring): `error` is the errno
  // that came of it, 0 for none. The status is what SyncTo would have returned. Files without a
  // descriptor (-1) cannot be flushed so.
  virtual absl::Status EndSync(const SyncMark&, int error) {
    return absl::ErrnoToStatus(error, "flush");
  }
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

// No file that a node writes is larger (a segment ends at 16 MiB and the batch that passes them).
inline constexpr uint64_t kWholeFileBytesMax = uint64_t{1} << 30;
// OutOfRange where the file is larger than that.
absl::StatusOr<std::string> ReadWholeFile(FileSystem& fs, const std::string& path);
// Write-new, flush, rename, flush the folder: after a crash the file holds the old contents or the
// new ones, whole.
absl::Status ReplaceFile(FileSystem& fs, const std::string& path, absl::string_view contents);

}  // namespace replsim
