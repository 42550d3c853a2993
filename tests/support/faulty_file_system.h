// A FileSystem wrapper that injects faults and tracks what has been flushed, to simulate power
// loss. Chosen writes and flushes fail or are torn. LosePower undoes unflushed bytes (until
// File::Sync), and unflushed new, renamed and removed names (until SyncFolder; the strict reading
// of POSIX).
//
// The base must outlive the wrapper and change only through it. Thread-safe. Files that were open
// at a power loss refuse every later change.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/base/rng.h"
#include "common/storage/file/file.h"

namespace replsim {

// Operations that change a disk. kCreate is Open of a file that does not exist yet.
enum class DiskOperation { kWrite, kTruncate, kSync, kCreate, kRename, kRemove, kSyncFolder };

// One fault, which happens once.
struct DiskFault {
  DiskOperation operation = DiskOperation::kWrite;
  uint64_t nth = 1;          // 1: the next operation of this kind
  absl::Status status;       // the result; OK for a write means torn without an error
  uint64_t write_bytes = 0;  // for a write: how many of its bytes still reach the file
};

class FaultyFileSystem : public FileSystem {
 public:
  explicit FaultyFileSystem(FileSystem& base);
  ~FaultyFileSystem() override;

  // Adds a fault. A failed flush drops its data: a later flush of that file may return OK, but
  // makes only newer data durable. Linux behaves in this way (see "fsyncgate", 2018).
  void Inject(DiskFault fault);
  // Lets `operations` more changes succeed; then every change fails, as if the machine had stopped.
  void StopAfter(uint64_t operations);
  // Undoes what was not flushed. With `rng`, a random prefix of each file's changes survives, the
  // last one torn at a random byte, and so does a random prefix of the name changes. Also clears
  // the faults and StopAfter: the machine is up again.
  absl::Status LosePower(Rng* rng);

  uint64_t count(DiskOperation operation) const;  // requested so far, including failures
  uint64_t bytes_written() const;                 // bytes that reached a file

  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, bool create) override;
  absl::Status MakeFolder(const std::string& path) override;  // durable at once
  absl::StatusOr<std::vector<std::string>> List(const std::string& folder) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status SyncFolder(const std::string& path) override;

 private:
  class Handle;
  struct ByteChange;
  struct FileState;
  struct NameChange {
    DiskOperation operation;
    std::string from;  // for a rename
    std::string path;
    std::optional<std::string> lost;  // durable contents of the replaced file
  };

  absl::StatusOr<std::optional<DiskFault>> Admit(DiskOperation operation, const std::string& path);
  absl::Status Change(FileState& state, DiskOperation operation, uint64_t offset,
                      absl::string_view data);
  absl::Status Sync(FileState& state, absl::FunctionRef<absl::Status()> sync);
  absl::StatusOr<std::shared_ptr<FileState>> StateOf(const std::string& path);
  absl::StatusOr<std::optional<std::string>> DurableContents(const std::string& path);
  absl::Status TakeBack(FileState& state, Rng* rng);
  absl::Status TakeBack(const NameChange& change);

  FileSystem& base_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<FileState>> files_;
  std::vector<NameChange> name_changes_;  // not flushed; oldest first
  std::vector<DiskFault> faults_;
  std::optional<uint64_t> operations_left_;
  std::map<DiskOperation, uint64_t> counts_;
  uint64_t bytes_written_ = 0;
};

}  // namespace replsim
