// What a loss of power undoes besides bytes: names that were made, changed or removed since their
// folder was flushed, and ends that were cut off flushed files since. A disk may have done each of
// these or not; this is the one that forgets, which a program has to reckon with (POSIX promises a
// name only after fsync of its folder).
//
// Kept in memory, so for virtual time: live a name and a cut are on the disk at once, which is the
// other outcome. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "common/base/rng.h"
#include "common/disk/flushed_part.h"
#include "common/wal/file.h"

namespace replsim {

class FlushNotes;

class UndoJournal {
 public:
  // Before the change, all of them; the file is as it is then, `part` what was flushed of it.
  void Creates(const std::string& path);
  absl::Status Renames(FileSystem& fs, FlushNotes& notes, const std::string& from,
                       const std::string& to);
  absl::Status Removes(FileSystem& fs, FlushNotes& notes, const std::string& path);
  // Only what was flushed is worth a word.
  absl::Status Cuts(const File& file, const FlushedPart& part, const std::string& path,
                    uint64_t size_bytes);

  void FolderFlushed(const std::string& folder);
  void FileFlushed(const std::string& path);

  // The power was lost, and every file cut back to its flushed part. Undoes what is left, newest
  // first; with `torn`, the oldest of it, a random number, has reached the disk all the same.
  absl::Status Undo(FileSystem& fs, FlushNotes& notes, Rng* torn);

 private:
  struct Kept {  // what the disk had of a file
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

  static absl::StatusOr<std::optional<Kept>> Keep(FileSystem& fs, FlushNotes& notes,
                                                  const std::string& path);
  static absl::Status PutBack(FileSystem& fs, FlushNotes& notes, const std::string& path,
                              const Kept& kept);
  static absl::Status UndoOne(FileSystem& fs, FlushNotes& notes, const Change& change);

  std::mutex mutex_;
  std::vector<Change> changes_;  // oldest first
};

}  // namespace replsim
