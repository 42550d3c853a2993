// Where a node's disk keeps, for every file, what has been flushed of it (flushed_part.h): in a
// mapped file beside the node's folder live, in memory in virtual time. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/storage/disk/flushed_part.h"
#include "common/storage/disk/undo_journal.h"

namespace replsim {

class FlushNotes {
 public:
  virtual ~FlushNotes() = default;
  // Of a file that exists; new for one that was not asked for before. Stays valid as long as this.
  virtual absl::StatusOr<FlushedPart*> Of(const std::string& path) = 0;
  // Null for a file that was never asked for.
  virtual FlushedPart* Find(const std::string& path) = 0;
  virtual void Renamed(const std::string& from, const std::string& to) = 0;
  virtual void Removed(const std::string& path) = 0;  // called before it is
  // Null where names and cuts are durable at once.
  virtual UndoJournal* journal() { return nullptr; }
};

class MemoryFlushNotes final : public FlushNotes {
 public:
  absl::StatusOr<FlushedPart*> Of(const std::string& path) override;
  FlushedPart* Find(const std::string& path) override;
  void Renamed(const std::string& from, const std::string& to) override;
  void Removed(const std::string& path) override;
  UndoJournal* journal() override { return &journal_; }

 private:
  UndoJournal journal_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<FlushedPart>> parts_;
  // Of files that are gone and may still be open.
  std::vector<std::unique_ptr<FlushedPart>> gone_;
};

// The name of the mapped file in a node's folder.
inline constexpr char kFlushNotesName[] = "flushed";
// In a mapped file at `path`, by inode: what was noted survives the process, and a rename changes
// nothing.
absl::StatusOr<std::unique_ptr<FlushNotes>> OpenMappedFlushNotes(const std::string& path);

}  // namespace replsim
