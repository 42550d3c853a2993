// The changes of a file system, besides writes, that a power loss undoes: files created, renamed or
// removed since the last fsync of their folder, and truncations since the last fsync of the file. A
// real disk may or may not have made such a change durable. This one never has, which POSIX allows:
// a name is durable only after an fsync of its folder.
//
// The journal is kept in memory, so only virtual time has it. On a live disk, names and truncations
// survive, which is the other outcome that POSIX allows. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "common/base/rng.h"
#include "common/storage/disk/durable_extent.h"
#include "common/storage/file/file.h"

namespace replsim {

class DurableExtents;

class UndoJournal {
 public:
  // The next four functions are called before the change is made.
  void Creates(const std::string& path);
  absl::Status Renames(FileSystem& fs, DurableExtents& extents, const std::string& from,
                       const std::string& to);
  absl::Status Removes(FileSystem& fs, DurableExtents& extents, const std::string& path);
  // The file will be truncated to `size_bytes`. `part` is its flushed part: only the loss of
  // flushed bytes is recorded.
  absl::Status Cuts(const File& file, const DurableExtent& part, const std::string& path,
                    uint64_t size_bytes);

  void FolderFlushed(const std::string& folder);
  void FileFlushed(const std::string& path);

  // Called after a power loss, once every file is truncated to its flushed part. Undoes the
  // changes in the journal, newest first. With `torn`, a random number of the oldest ones survive.
  absl::Status Undo(FileSystem& fs, DurableExtents& extents, Rng* torn);

 private:
  struct Kept {  // the flushed content of a file
    std::string bytes;
    uint64_t data_end = 0;
  };
  struct Created {
    std::string path;
  };
  struct Renamed {
    std::string from;
    std::string path;
    std::optional<Kept> replaced;
  };
  struct Removed {
    std::string path;
    Kept kept;
  };
  struct Cut {
    std::string path;
    uint64_t at = 0;
    std::string tail;
  };
  using Change = std::variant<Created, Renamed, Removed, Cut>;

  static absl::StatusOr<std::optional<Kept>> Keep(FileSystem& fs, DurableExtents& extents,
                                                  const std::string& path);
  static absl::Status PutBack(FileSystem& fs, DurableExtents& extents, const std::string& path,
                              const Kept& kept);
  static absl::Status UndoOne(FileSystem& fs, DurableExtents& extents, const Change& change);

  std::mutex mutex_;
  std::vector<Change> changes_;  // oldest first
};

}  // namespace replsim
