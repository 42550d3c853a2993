#include "common/storage/disk/undo_journal.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "common/base/status.h"
#include "common/storage/disk/durable_extents.h"

namespace replsim {

void UndoJournal::Creates(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  changes_.push_back(Created{path});
}

absl::Status UndoJournal::Renames(FileSystem& fs, DurableExtents& extents, const std::string& from,
                                  const std::string& to) {
  REPL_ASSIGN_OR_RETURN(std::optional<Kept> replaced, Keep(fs, extents, to));
  const std::lock_guard<std::mutex> lock(mutex_);
  changes_.push_back(Renamed{from, to, std::move(replaced)});
  return absl::OkStatus();
}

absl::Status UndoJournal::Removes(FileSystem& fs, DurableExtents& extents,
                                  const std::string& path) {
  REPL_ASSIGN_OR_RETURN(std::optional<Kept> kept, Keep(fs, extents, path));
  if (!kept) return absl::OkStatus();
  const std::lock_guard<std::mutex> lock(mutex_);
  changes_.push_back(Removed{path, *std::move(kept)});
  return absl::OkStatus();
}

absl::Status UndoJournal::Cuts(const File& file, const DurableExtent& part, const std::string& path,
                               uint64_t size_bytes) {
  const uint64_t end = part.data_end();
  if (end <= size_bytes) return absl::OkStatus();
  REPL_ASSIGN_OR_RETURN(std::string tail, file.ReadAt(size_bytes, end - size_bytes));
  const std::lock_guard<std::mutex> lock(mutex_);
  changes_.push_back(Cut{path, size_bytes, std::move(tail)});
  return absl::OkStatus();
}

void UndoJournal::FolderFlushed(const std::string& folder) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::erase_if(changes_, [&](const Change& change) {
    if (std::holds_alternative<Cut>(change)) return false;
    return FolderOf(std::visit([](const auto& c) { return c.path; }, change)) == folder;
  });
}

void UndoJournal::FileFlushed(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::erase_if(changes_, [&](const Change& change) {
    const Cut* const cut = std::get_if<Cut>(&change);
    return cut != nullptr && cut->path == path;
  });
}

absl::Status UndoJournal::Undo(FileSystem& fs, DurableExtents& extents, Rng* torn) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const uint64_t reached = torn == nullptr ? 0 : torn->Below(changes_.size() + 1);
  while (changes_.size() > reached) {
    REPL_RETURN_IF_ERROR(UndoOne(fs, extents, changes_.back()));
    changes_.pop_back();
  }
  changes_.clear();
  return absl::OkStatus();
}

absl::StatusOr<std::optional<UndoJournal::Kept>> UndoJournal::Keep(FileSystem& fs,
                                                                   DurableExtents& extents,
                                                                   const std::string& path) {
  const absl::StatusOr<std::unique_ptr<File>> file = fs.Open(path, /*create=*/false);
  if (absl::IsNotFound(file.status())) return std::nullopt;
  REPL_RETURN_IF_ERROR(file.status());
  const DurableExtent* const part = extents.Find(path);
  Kept kept;
  REPL_ASSIGN_OR_RETURN(const uint64_t size, (*file)->Size());
  kept.data_end = part == nullptr ? size : std::min(part->data_end(), size);
  REPL_ASSIGN_OR_RETURN(kept.bytes, (*file)->ReadAt(0, kept.data_end));
  if (part != nullptr) kept.bytes.resize(std::min(part->size_bytes(), size));
  return kept;
}

absl::Status UndoJournal::PutBack(FileSystem& fs, DurableExtents& extents, const std::string& path,
                                  const Kept& kept) {
  REPL_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, fs.Open(path, /*create=*/true));
  REPL_RETURN_IF_ERROR(file->Truncate(0));
  REPL_RETURN_IF_ERROR(file->WriteAt(0, kept.bytes));
  REPL_ASSIGN_OR_RETURN(DurableExtent* const part, extents.Of(path));
  part->Truncated(0);
  part->Flushed(kept.data_end, kept.bytes.size());
  return absl::OkStatus();
}

absl::Status UndoJournal::UndoOne(FileSystem& fs, DurableExtents& extents, const Change& change) {
  if (const auto* created = std::get_if<Created>(&change)) {
    extents.Removed(created->path);
    const absl::Status removed = fs.Remove(created->path);
    return absl::IsNotFound(removed) ? absl::OkStatus() : removed;
  }
  if (const auto* renamed = std::get_if<Renamed>(&change)) {
    REPL_RETURN_IF_ERROR(fs.Rename(renamed->path, renamed->from));
    extents.Renamed(renamed->path, renamed->from);
    if (!renamed->replaced) return absl::OkStatus();
    return PutBack(fs, extents, renamed->path, *renamed->replaced);
  }
  if (const auto* removed = std::get_if<Removed>(&change)) {
    return PutBack(fs, extents, removed->path, removed->kept);
  }
  const auto& cut = std::get<Cut>(change);
  const absl::StatusOr<std::unique_ptr<File>> file = fs.Open(cut.path, /*create=*/false);
  if (absl::IsNotFound(file.status())) return absl::OkStatus();
  REPL_RETURN_IF_ERROR(file.status());
  const uint64_t end = cut.at + cut.tail.size();
  REPL_RETURN_IF_ERROR((*file)->WriteAt(cut.at, cut.tail));
  REPL_RETURN_IF_ERROR((*file)->Truncate(end));
  REPL_ASSIGN_OR_RETURN(DurableExtent* const part, extents.Of(cut.path));
  part->Flushed(end, end);
  return absl::OkStatus();
}

}  // namespace replsim
