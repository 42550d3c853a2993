// Stores, for every file of a node's disk, the part that has been flushed (flushed_part.h). Live
// runs keep it in a mapped file that outlives the process, virtual time in memory. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/storage/disk/durable_extent.h"
#include "common/storage/disk/undo_journal.h"

namespace replsim {

class DurableExtents {
 public:
  virtual ~DurableExtents() = default;
  // The flushed part of an existing file; a new one, of which nothing is flushed, on the first
  // call. The pointer stays valid as long as this object.
  virtual absl::StatusOr<DurableExtent*> Of(const std::string& path) = 0;
  // The same; null if Of was never called for the file.
  virtual DurableExtent* Find(const std::string& path) = 0;
  virtual void Renamed(const std::string& from, const std::string& to) = 0;  // called afterwards
  virtual void Removed(const std::string& path) = 0;                         // called before
  // Null if names and truncations are durable at once.
  virtual UndoJournal* journal() { return nullptr; }
};

class MemoryDurableExtents final : public DurableExtents {
 public:
  absl::StatusOr<DurableExtent*> Of(const std::string& path) override;
  DurableExtent* Find(const std::string& path) override;
  void Renamed(const std::string& from, const std::string& to) override;
  void Removed(const std::string& path) override;
  UndoJournal* journal() override { return &journal_; }

 private:
  UndoJournal journal_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<DurableExtent>> parts_;
  // Parts of removed files that may still be open.
  std::vector<std::unique_ptr<DurableExtent>> gone_;
};

// The name of the mapped file in a node's folder.
inline constexpr char kDurableExtentsName[] = "flushed";
// Opens or creates the mapped file at `path`. Files are identified by inode, so a rename changes
// nothing. It has room for 8192 files; Of returns ResourceExhausted beyond that.
absl::StatusOr<std::unique_ptr<DurableExtents>> OpenMappedDurableExtents(const std::string& path);

}  // namespace replsim
