#include "tests/support/faulty_file_system.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace replsim {
// One change of a file's bytes, with the data to undo and to redo it.
struct FaultyFileSystem::ByteChange {
  DiskOperation operation = DiskOperation::kWrite;  // or kTruncate
  uint64_t offset = 0;                              // for a truncation: the new size
  std::string data;
  std::string overwritten;  // the bytes that were at `offset`, or behind the new size
  uint64_t old_size = 0;

  absl::Status Undo(File& file) const {
    REPL_RETURN_IF_ERROR(file.WriteAt(offset, overwritten));
    return file.Truncate(old_size);
  }
  absl::Status Redo(uint64_t bytes, File& file) const {
    if (operation == DiskOperation::kTruncate) return file.Truncate(offset);
    return file.WriteAt(offset, absl::string_view(data).substr(0, bytes));
  }
};

struct FaultyFileSystem::FileState {
  std::string path;
  std::unique_ptr<File> file;
  std::vector<ByteChange> unflushed;  // oldest first
  bool flush_failed = false;
  bool gone = false;  // a power loss happened while it was open
};

class FaultyFileSystem::Handle : public File {
 public:
  Handle(FaultyFileSystem& fs, std::shared_ptr<FileState> state)
      : fs_(fs), state_(std::move(state)) {}

  absl::Status WriteAt(uint64_t offset, absl::string_view data) override {
    return fs_.Change(*state_, DiskOperation::kWrite, offset, data);
  }
  absl::Status Truncate(uint64_t size) override {
    return fs_.Change(*state_, DiskOperation::kTruncate, size, "");
  }
  SyncMark BeginSync() override { return state_->file->BeginSync(); }
  absl::Status SyncTo(const SyncMark& mark) override {
    return fs_.Sync(*state_, [this, mark] { return state_->file->SyncTo(mark); });
  }
  absl::Status EndSync(const SyncMark& mark, int error) override {
    return fs_.Sync(*state_, [this, mark, error] { return state_->file->EndSync(mark, error); });
  }
  int descriptor() const override { return state_->file->descriptor(); }
  absl::StatusOr<std::string> ReadAt(uint64_t offset, size_t bytes) const override {
    return state_->file->ReadAt(offset, bytes);
  }
  absl::StatusOr<uint64_t> Size() const override { return state_->file->Size(); }

 private:
  FaultyFileSystem& fs_;
  const std::shared_ptr<FileState> state_;
};

FaultyFileSystem::FaultyFileSystem(FileSystem& base) : base_(base) {}
FaultyFileSystem::~FaultyFileSystem() = default;

void FaultyFileSystem::Inject(DiskFault fault) {
  const std::lock_guard<std::mutex> lock(mutex_);
  faults_.push_back(std::move(fault));
}

void FaultyFileSystem::StopAfter(uint64_t operations) {
  const std::lock_guard<std::mutex> lock(mutex_);
  operations_left_ = operations;
}

uint64_t FaultyFileSystem::count(DiskOperation operation) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = counts_.find(operation);
  return found == counts_.end() ? 0 : found->second;
}

uint64_t FaultyFileSystem::bytes_written() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return bytes_written_;
}

// Counts the operation. Returns an error if the machine has stopped, or the fault to inject.
absl::StatusOr<std::optional<DiskFault>> FaultyFileSystem::Admit(DiskOperation operation,
                                                                 const std::string& path) {
  ++counts_[operation];
  if (operations_left_ && (*operations_left_)-- == 0) {
    operations_left_ = 0;
    return absl::UnavailableError(absl::StrCat(path, ": the machine has stopped"));
  }
  std::optional<DiskFault> due;
  for (auto fault = faults_.begin(); fault != faults_.end();) {
    const bool hit = fault->operation == operation && --fault->nth == 0;
    if (hit) due = std::move(*fault);
    fault = hit ? faults_.erase(fault) : fault + 1;
  }
  if (due && !due->status.ok()) due->status = Annotate(due->status, path);
  return due;
}

absl::Status FaultyFileSystem::Change(FileState& state, DiskOperation operation, uint64_t offset,
                                      absl::string_view data) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (state.gone) return absl::UnavailableError(absl::StrCat(state.path, ": the power is off"));
  REPL_ASSIGN_OR_RETURN(const std::optional<DiskFault> fault, Admit(operation, state.path));
  if (fault) data = data.substr(0, fault->write_bytes);
  const bool nothing = operation == DiskOperation::kTruncate ? fault.has_value() : data.empty();
  if (!nothing) {
    ByteChange change{operation, offset, std::string(data), "", 0};
    REPL_ASSIGN_OR_RETURN(change.old_size, state.file->Size());
    const uint64_t behind = change.old_size > offset ? change.old_size - offset : 0;
    const uint64_t replaced =
        operation == DiskOperation::kTruncate ? behind : std::min<uint64_t>(behind, data.size());
    REPL_ASSIGN_OR_RETURN(change.overwritten, state.file->ReadAt(offset, replaced));
    REPL_RETURN_IF_ERROR(change.Redo(data.size(), *state.file));
    bytes_written_ += data.size();
    state.unflushed.push_back(std::move(change));
  }
  return fault ? fault->status : absl::OkStatus();
}

absl::Status FaultyFileSystem::Sync(FileState& state, absl::FunctionRef<absl::Status()> sync) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (state.gone) return absl::UnavailableError(absl::StrCat(state.path, ": the power is off"));
  REPL_ASSIGN_OR_RETURN(const std::optional<DiskFault> fault,
                        Admit(DiskOperation::kSync, state.path));
  const absl::Status flushed = fault ? fault->status : sync();
  if (!flushed.ok()) state.flush_failed = true;
  if (!state.flush_failed) state.unflushed.clear();
  return flushed;
}

absl::StatusOr<std::shared_ptr<FaultyFileSystem::FileState>> FaultyFileSystem::StateOf(
    const std::string& path) {
  const auto found = files_.find(path);
  if (found != files_.end()) return found->second;
  auto state = std::make_shared<FileState>();
  state->path = path;
  REPL_ASSIGN_OR_RETURN(state->file, base_.Open(path, /*create=*/false));
  files_[path] = state;
  return state;
}

absl::StatusOr<std::unique_ptr<File>> FaultyFileSystem::Open(const std::string& path, bool create) {
  const std::lock_guard<std::mutex> lock(mutex_);
  absl::StatusOr<std::shared_ptr<FileState>> state = StateOf(path);
  if (create && absl::IsNotFound(state.status())) {
    REPL_ASSIGN_OR_RETURN(const std::optional<DiskFault> fault,
                          Admit(DiskOperation::kCreate, path));
    if (fault) REPL_RETURN_IF_ERROR(fault->status);
    REPL_RETURN_IF_ERROR(base_.Open(path, /*create=*/true).status());
    name_changes_.push_back({DiskOperation::kCreate, "", path, std::nullopt});
    state = StateOf(path);
  }
  REPL_RETURN_IF_ERROR(state.status());
  return std::make_unique<Handle>(*this, *state);
}

absl::Status FaultyFileSystem::MakeFolder(const std::string& path) {
  return base_.MakeFolder(path);
}

absl::StatusOr<std::vector<std::string>> FaultyFileSystem::List(const std::string& folder) {
  return base_.List(folder);
}

absl::Status FaultyFileSystem::Rename(const std::string& from, const std::string& to) {
  const std::lock_guard<std::mutex> lock(mutex_);
  REPL_ASSIGN_OR_RETURN(const std::shared_ptr<FileState> state, StateOf(from));
  REPL_ASSIGN_OR_RETURN(const std::optional<DiskFault> fault, Admit(DiskOperation::kRename, from));
  if (fault) REPL_RETURN_IF_ERROR(fault->status);
  REPL_ASSIGN_OR_RETURN(std::optional<std::string> lost, DurableContents(to));
  REPL_RETURN_IF_ERROR(base_.Rename(from, to));
  files_.erase(from);
  files_[to] = state;
  state->path = to;
  name_changes_.push_back({DiskOperation::kRename, from, to, std::move(lost)});
  return absl::OkStatus();
}

absl::Status FaultyFileSystem::Remove(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  REPL_ASSIGN_OR_RETURN(const std::optional<DiskFault> fault, Admit(DiskOperation::kRemove, path));
  if (fault) REPL_RETURN_IF_ERROR(fault->status);
  REPL_ASSIGN_OR_RETURN(std::optional<std::string> lost, DurableContents(path));
  REPL_RETURN_IF_ERROR(base_.Remove(path));
  files_.erase(path);
  name_changes_.push_back({DiskOperation::kRemove, "", path, std::move(lost)});
  return absl::OkStatus();
}

absl::Status FaultyFileSystem::SyncFolder(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  REPL_ASSIGN_OR_RETURN(const std::optional<DiskFault> fault,
                        Admit(DiskOperation::kSyncFolder, path));
  if (fault) REPL_RETURN_IF_ERROR(fault->status);
  REPL_RETURN_IF_ERROR(base_.SyncFolder(path));
  std::erase_if(name_changes_,
                [&](const NameChange& change) { return FolderOf(change.path) == path; });
  return absl::OkStatus();
}

// Returns nothing if there is no such file.
absl::StatusOr<std::optional<std::string>> FaultyFileSystem::DurableContents(
    const std::string& path) {
  const absl::StatusOr<std::shared_ptr<FileState>> state = StateOf(path);
  if (absl::IsNotFound(state.status())) return std::nullopt;
  REPL_RETURN_IF_ERROR(state.status());
  REPL_ASSIGN_OR_RETURN(const uint64_t size, (*state)->file->Size());
  REPL_ASSIGN_OR_RETURN(std::string bytes, (*state)->file->ReadAt(0, size));
  const std::vector<ByteChange>& changes = (*state)->unflushed;
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    bytes.resize(std::max(bytes.size(), change->offset + change->overwritten.size()));
    bytes.replace(change->offset, change->overwritten.size(), change->overwritten);
    bytes.resize(change->old_size);
  }
  return bytes;
}

absl::Status FaultyFileSystem::LosePower(Rng* rng) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [path, state] : files_) REPL_RETURN_IF_ERROR(TakeBack(*state, rng));
  const uint64_t kept = rng ? rng->Below(name_changes_.size() + 1) : 0;
  while (name_changes_.size() > kept) {
    REPL_RETURN_IF_ERROR(TakeBack(name_changes_.back()));
    name_changes_.pop_back();
  }
  files_.clear();
  name_changes_.clear();
  faults_.clear();
  operations_left_.reset();
  return absl::OkStatus();
}

absl::Status FaultyFileSystem::TakeBack(FileState& state, Rng* rng) {
  state.gone = true;
  const std::vector<ByteChange>& changes = state.unflushed;
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    REPL_RETURN_IF_ERROR(change->Undo(*state.file));
  }
  const size_t kept = rng ? rng->Below(changes.size() + 1) : 0;
  for (size_t i = 0; i < kept; ++i) {
    const uint64_t size = changes[i].data.size();
    const uint64_t bytes = i + 1 < kept ? size : rng->Below(size + 1);
    REPL_RETURN_IF_ERROR(changes[i].Redo(bytes, *state.file));
  }
  return absl::OkStatus();
}

absl::Status FaultyFileSystem::TakeBack(const NameChange& change) {
  if (change.operation == DiskOperation::kCreate) return base_.Remove(change.path);
  if (change.operation == DiskOperation::kRename) {
    REPL_RETURN_IF_ERROR(base_.Rename(change.path, change.from));
  }
  if (!change.lost) return absl::OkStatus();
  REPL_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, base_.Open(change.path, /*create=*/true));
  return file->WriteAt(0, *change.lost);
}

}  // namespace replsim
