// The file seam: the interface through which the log and the metadata use a disk. Live runs use
// POSIX files, virtual time uses files in memory; tests inject faults with FaultyFileSystem. Calls
// block the calling thread. Errors name the path. Paths are '/'-separated strings.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

// A disk writes a sector completely or not at all.
inline constexpr uint64_t kSectorBytes = 512;
// The end of the sector that contains the byte at `offset`.
constexpr uint64_t SectorEnd(uint64_t offset) { return (offset / kSectorBytes + 1) * kSectorBytes; }

// The extent of a flush: everything written before BeginSync returned the mark, and nothing written
// later. NodeDisk (common/storage/disk/node_disk.h) sets the fields; other files leave them 0.
struct SyncMark {
  uint64_t data_end = 0;
  uint64_t size_bytes = 0;
};

// An open file. One thread at a time may write and truncate it, and one thread at a time may flush
// it; the two may be different. Any thread may call ReadAt and Size at the same time, but must not
// read bytes that are being written.
class File {
 public:
  virtual ~File() = default;
  virtual absl::Status WriteAt(uint64_t offset, absl::string_view data) = 0;
  // Up to `bytes` from `offset`; fewer only at the end of the file.
  virtual absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t bytes) const = 0;
  virtual absl::Status Truncate(uint64_t size) = 0;
  // Flushes (fdatasync) everything written before the call.
  absl::Status Sync() { return SyncTo(BeginSync()); }
  // The same in two steps, for a caller that lets writes go on during the flush.
  virtual SyncMark BeginSync() { return {}; }
  virtual absl::Status SyncTo(const SyncMark& mark) = 0;
  // Replaces SyncTo if the kernel flushes descriptor() asynchronously (io_uring). `error` is the
  // errno of that flush, 0 for none. Returns the status that SyncTo would have returned. Not for
  // files without a descriptor (-1).
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
  // With its parents, durably. OK if the folder exists.
  virtual absl::Status MakeFolder(const std::string& path) = 0;
  // Names without the folder, sorted.
  virtual absl::StatusOr<std::vector<std::string>> List(const std::string& folder) = 0;
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  virtual absl::Status Remove(const std::string& path) = 0;
  // Makes the creations, renames and removals in a folder durable.
  virtual absl::Status SyncFolder(const std::string& path) = 0;
};

// The file system of this machine. It lives as long as the program.
FileSystem& PosixFileSystem();

// The part of `path` before the last '/'; "." if there is none.
std::string FolderOf(const std::string& path);

// No file that a node writes is larger: a segment has at most 16 MiB, or one batch.
inline constexpr uint64_t kWholeFileBytesMax = uint64_t{1} << 30;
// OutOfRange if the file is larger than kWholeFileBytesMax.
absl::StatusOr<std::string> ReadWholeFile(FileSystem& fs, const std::string& path);
// Writes a new file, flushes it, renames it to `path`, and flushes the folder. After a crash the
// file has the old contents or the new contents, completely.
absl::Status ReplaceFile(FileSystem& fs, const std::string& path, absl::string_view contents);

}  // namespace replsim
