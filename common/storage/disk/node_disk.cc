#include "common/storage/disk/node_disk.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/storage/disk/data_end.h"

namespace replsim {

class NodeDisk::Handle final : public File {
 public:
  Handle(std::string path, std::unique_ptr<File> file, SyncMark there, DurableExtent* part,
         NodeDisk* disk)
      : path_(std::move(path)),
        file_(std::move(file)),
        part_(*part),
        disk_(*disk),
        written_end_(there.data_end),
        size_(there.size_bytes) {}

  absl::Status WriteAt(uint64_t offset, absl::string_view data) override {
    if (disk_.hooks_.before_write) disk_.hooks_.before_write();
    // Zeros written ahead use no space of the fault's limit, so that writing ahead gives a node no
    // more room than it would have without.
    const uint64_t growth = std::max(written_end_.load(), DataEnd(offset, data)) - written_end_;
    const uint64_t room = disk_.faults_.TakeSpace(growth);
    const absl::string_view fits = data.substr(0, data.size() - (growth - room));
    REPL_RETURN_IF_ERROR(Write(offset, fits));
    if (fits.size() == data.size()) return absl::OkStatus();
    return absl::ErrnoToStatus(
        ENOSPC, absl::StrCat(path_, ": write ", data.size(), " bytes at offset ", offset));
  }

  absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t bytes) const override {
    return file_->ReadAt(offset, bytes);
  }

  absl::Status Truncate(uint64_t size) override {
    if (UndoJournal* journal = disk_.extents_.journal()) {
      REPL_RETURN_IF_ERROR(journal->Cuts(*file_, part_, path_, size));
    }
    REPL_RETURN_IF_ERROR(file_->Truncate(size));
    if (size < written_end_) disk_.faults_.GiveSpaceBack(written_end_ - size);
    size_ = size;
    written_end_ = std::min<uint64_t>(written_end_, size);
    part_.Truncated(size);
    return absl::OkStatus();
  }

  SyncMark BeginSync() override { return {written_end_, size_}; }
  absl::Status SyncTo(const SyncMark& mark) override {
    return Flush(mark, [&] { return file_->SyncTo(mark); });
  }
  absl::Status EndSync(const SyncMark& mark, int error) override {
    return Flush(mark, [&] { return file_->EndSync(mark, error); });
  }
  int descriptor() const override { return file_->descriptor(); }

  absl::StatusOr<uint64_t> Size() const override { return file_->Size(); }

 private:
  absl::Status Flush(const SyncMark& mark, absl::FunctionRef<absl::Status()> sync) {
    if (disk_.hooks_.before_flush) disk_.hooks_.before_flush();
    if (disk_.faults_.TakeFlushFailure()) {
      part_.FlushFailed(mark.data_end);
      return absl::ErrnoToStatus(EIO, absl::StrCat(path_, ": flush (fdatasync)"));
    }
    REPL_RETURN_IF_ERROR(sync());
    part_.Flushed(mark.data_end, mark.size_bytes);
    if (UndoJournal* journal = disk_.extents_.journal()) journal->FileFlushed(path_);
    if (rewritten_.exchange(false)) part_.FillHoles();
    return absl::OkStatus();
  }

  absl::Status Write(uint64_t offset, absl::string_view data) {
    if (data.empty()) return absl::OkStatus();
    if (offset < part_.noted_end()) {
      REPL_ASSIGN_OR_RETURN(const std::string there, file_->ReadAt(offset, data.size()));
      if (there == data) {
        rewritten_ = true;
      } else {
        part_.Overwritten(offset);
      }
    }
    REPL_RETURN_IF_ERROR(file_->WriteAt(offset, data));
    size_ = std::max<uint64_t>(size_, offset + data.size());
    written_end_ = std::max<uint64_t>(written_end_, DataEnd(offset, data));
    return absl::OkStatus();
  }

  const std::string path_;
  const std::unique_ptr<File> file_;
  DurableExtent& part_;
  NodeDisk& disk_;
  // Atomic, because one thread may flush while another one writes.
  std::atomic<uint64_t> written_end_;
  std::atomic<uint64_t> size_;
  std::atomic<bool> rewritten_{false};  // with the bytes that were there
};

absl::StatusOr<std::unique_ptr<File>> NodeDisk::Open(const std::string& path, bool create) {
  if (UndoJournal* journal = extents_.journal(); create && journal != nullptr) {
    if (absl::IsNotFound(base_.Open(path, /*create=*/false).status())) journal->Creates(path);
  }
  REPL_ASSIGN_OR_RETURN(std::unique_ptr<File> file, base_.Open(path, create));
  REPL_ASSIGN_OR_RETURN(const uint64_t size, file->Size());
  REPL_ASSIGN_OR_RETURN(const uint64_t data_end, DataEnd(*file, 0, size));
  REPL_ASSIGN_OR_RETURN(DurableExtent* const part, extents_.Of(path));
  return std::make_unique<Handle>(path, std::move(file), SyncMark{data_end, size}, part, this);
}

absl::Status NodeDisk::Rename(const std::string& from, const std::string& to) {
  if (UndoJournal* journal = extents_.journal()) {
    REPL_RETURN_IF_ERROR(journal->Renames(base_, extents_, from, to));
  }
  extents_.Removed(to);  // before the rename: the path names the old file
  REPL_RETURN_IF_ERROR(base_.Rename(from, to));
  extents_.Renamed(from, to);
  return absl::OkStatus();
}

absl::Status NodeDisk::Remove(const std::string& path) {
  if (UndoJournal* journal = extents_.journal()) {
    REPL_RETURN_IF_ERROR(journal->Removes(base_, extents_, path));
  }
  extents_.Removed(path);
  return base_.Remove(path);
}

absl::Status NodeDisk::SyncFolder(const std::string& path) {
  REPL_RETURN_IF_ERROR(base_.SyncFolder(path));
  if (UndoJournal* journal = extents_.journal()) journal->FolderFlushed(path);
  return absl::OkStatus();
}

}  // namespace replsim
