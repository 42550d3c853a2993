// A disk that fails when it is told to, around any FileSystem: chosen writes and flushes fail or
// are torn, and the power goes. It remembers what has not been flushed, so that LosePower can take
// it back: bytes until File::Sync, and new, renamed and removed names until SyncFolder (the strict
// reading of POSIX). The base must outlive it and change only through it. Thread-safe; files that
// were open when the power went refuse every change from then on.
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

struct DiskFault {
  DiskOperation operation = DiskOperation::kWrite;
  uint64_t nth = 1;          // 1: the next operation of this kind
  absl::Status status;       // what it answers; OK with a write: torn, and nobody is told
  uint64_t write_bytes = 0;  // of a write: how many of its bytes still reach the file
};

class FaultyFileSystem : public FileSystem {
 public:
  explicit FaultyFileSystem(FileSystem& base);
  ~FaultyFileSystem() override;

  // A flush that fails drops what it should have written: a later flush of that file may say OK,
  // but makes nothing durable that was not so before (as Linux does, see "fsyncgate", 2018).
  void Inject(DiskFault fault);
  // `operations` more changes succeed, then every one fails as if the machine had stopped.
  void StopAfter(uint64_t operations);
  // Takes back what was not flushed. With `rng`, a random first part of the changes of each file,
  // the last one torn at a random byte, and of the changes of names has reached the disk all the
  // same. Clears faults and StopAfter: the machine is up again.
  absl::Status LosePower(Rng* rng);

  uint64_t count(DiskOperation operation) const;  // asked for so far, failed ones too
  uint64_t bytes_written() const;                 // that reached a file

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
    std::string from;  // of a rename
    std::string path;
    std::optional<std::string> lost;  // durable contents of the file that gave way
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
  std::vector<NameChange> name_changes_;  // not flushed, oldest first
  std::vector<DiskFault> faults_;
  std::optional<uint64_t> operations_left_;
  std::map<DiskOperation, uint64_t> counts_;
  uint64_t bytes_written_ = 0;
};

}  // namespace replsim
