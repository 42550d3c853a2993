#include "common/storage/disk/power_loss.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/storage/disk/data_end.h"

namespace replsim {
namespace {

constexpr uint64_t kChunkBytes = 1 << 20;

absl::Status Zero(File& file, uint64_t begin, uint64_t end) {
  while (begin < end) {
    const uint64_t bytes = std::min(kChunkBytes, end - begin);
    REPL_RETURN_IF_ERROR(file.WriteAt(begin, std::string(bytes, '\0')));
    begin += bytes;
  }
  return absl::OkStatus();
}

// Returns how many bytes of data it lost.
absl::StatusOr<uint64_t> CutBack(File& file, FlushedPart& part, Rng* torn) {
  REPL_ASSIGN_OR_RETURN(const uint64_t size, file.Size());
  const uint64_t flushed = std::min(part.data_end(), size);
  REPL_ASSIGN_OR_RETURN(const uint64_t data_end, DataEnd(file, flushed, size));
  uint64_t kept = flushed;
  if (torn != nullptr && data_end > flushed) {
    const uint64_t sector = flushed / kSectorBytes;
    const uint64_t sectors = (data_end - 1) / kSectorBytes - sector + 1;
    const uint64_t reached = torn->Below(sectors + 1);
    if (reached > 0) kept = std::min(data_end, (sector + reached) * kSectorBytes);
  }
  REPL_RETURN_IF_ERROR(Zero(file, kept, data_end));
  const uint64_t new_size = std::max(kept, std::min(part.size_bytes(), size));
  REPL_RETURN_IF_ERROR(file.Truncate(new_size));
  uint64_t lost = data_end - kept;
  for (const FlushedPart::Range& hole : part.holes()) {
    const uint64_t end = std::min(hole.end, flushed);
    if (hole.begin >= end) continue;
    REPL_RETURN_IF_ERROR(Zero(file, hole.begin, end));
    lost += end - hole.begin;
  }
  REPL_RETURN_IF_ERROR(file.Sync());
  part.Flushed(kept, new_size);
  part.FillHoles();
  return lost;
}

}  // namespace

absl::StatusOr<uint64_t> LosePower(FileSystem& fs, FlushNotes& notes, const std::string& folder,
                                   Rng* torn) {
  uint64_t lost = 0;
  for (const std::string& below : {folder, folder + "/log"}) {
    const absl::StatusOr<std::vector<std::string>> names = fs.List(below);
    if (absl::IsNotFound(names.status())) continue;
    REPL_RETURN_IF_ERROR(names.status());
    for (const std::string& name : *names) {
      const std::string path = absl::StrCat(below, "/", name);
      FlushedPart* const part = notes.Find(path);
      if (part == nullptr) continue;
      REPL_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, fs.Open(path, /*create=*/false));
      REPL_ASSIGN_OR_RETURN(const uint64_t bytes, CutBack(*file, *part, torn));
      lost += bytes;
    }
  }
  if (UndoJournal* journal = notes.journal()) {
    REPL_RETURN_IF_ERROR(journal->Undo(fs, notes, torn));
  }
  return lost;
}

}  // namespace replsim
