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

// Decides which sectors of unflushed data have reached the disk.
class SurvivingSectors {
 public:
  SurvivingSectors(uint64_t sectors, Rng* torn) : torn_(torn) {
    if (torn == nullptr) return;
    in_order_ = torn->Chance(0.5);
    if (in_order_) first_ = torn->Below(sectors + 1);
  }
  // Whether the next sector has; called once for each sector, in order.
  bool Next() {
    if (in_order_ || torn_ == nullptr) return asked_++ < first_;
    return torn_->Chance(0.5);
  }

 private:
  Rng* const torn_;
  bool in_order_ = false;
  uint64_t first_ = 0;
  uint64_t asked_ = 0;
};

struct Loss {
  uint64_t bytes = 0;
  uint64_t data_end = 0;  // end of the data that is left
};

absl::StatusOr<Loss> LoseSectors(File& file, uint64_t flushed, uint64_t data_end, Rng* torn) {
  Loss loss{.data_end = flushed};
  if (data_end <= flushed) return loss;
  SurvivingSectors survivors((data_end - 1) / kSectorBytes - flushed / kSectorBytes + 1, torn);
  for (uint64_t begin = flushed; begin < data_end;) {
    const uint64_t end = std::min(data_end, SectorEnd(begin));
    if (survivors.Next()) {
      loss.data_end = end;
    } else {
      REPL_RETURN_IF_ERROR(Zero(file, begin, end));
      loss.bytes += end - begin;
    }
    begin = end;
  }
  return loss;
}

// Returns how many bytes of data it lost.
absl::StatusOr<uint64_t> CutBack(File& file, DurableExtent& part, Rng* torn) {
  REPL_ASSIGN_OR_RETURN(const uint64_t size, file.Size());
  const uint64_t flushed = std::min(part.data_end(), size);
  REPL_ASSIGN_OR_RETURN(const uint64_t data_end, DataEnd(file, flushed, size));
  REPL_ASSIGN_OR_RETURN(Loss loss, LoseSectors(file, flushed, data_end, torn));
  const uint64_t new_size = std::max(loss.data_end, std::min(part.size_bytes(), size));
  REPL_RETURN_IF_ERROR(file.Truncate(new_size));
  for (const DurableExtent::Range& hole : part.holes()) {
    const uint64_t end = std::min(hole.end, flushed);
    if (hole.begin >= end) continue;
    REPL_RETURN_IF_ERROR(Zero(file, hole.begin, end));
    loss.bytes += end - hole.begin;
  }
  REPL_RETURN_IF_ERROR(file.Sync());
  part.Flushed(loss.data_end, new_size);
  part.FillHoles();
  return loss.bytes;
}

}  // namespace

absl::StatusOr<uint64_t> LosePower(FileSystem& fs, DurableExtents& extents,
                                   const std::string& folder, Rng* torn) {
  uint64_t lost = 0;
  for (const std::string& below : {folder, folder + "/log"}) {
    const absl::StatusOr<std::vector<std::string>> names = fs.List(below);
    if (absl::IsNotFound(names.status())) continue;
    REPL_RETURN_IF_ERROR(names.status());
    for (const std::string& name : *names) {
      const std::string path = absl::StrCat(below, "/", name);
      DurableExtent* const part = extents.Find(path);
      if (part == nullptr) continue;
      REPL_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, fs.Open(path, /*create=*/false));
      REPL_ASSIGN_OR_RETURN(const uint64_t bytes, CutBack(*file, *part, torn));
      lost += bytes;
    }
  }
  if (UndoJournal* journal = extents.journal()) {
    REPL_RETURN_IF_ERROR(journal->Undo(fs, extents, torn));
  }
  return lost;
}

}  // namespace replsim
