#include "common/storage/disk/bit_flip.h"

#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/storage/log/segment.h"

namespace replsim {
namespace {

struct Place {
  std::string path;
  uint64_t offset = 0;  // of the payload
  uint64_t bytes = 0;
  Lsn lsn;
};

// Adds the records of one segment, up to the first that is not intact.
void AddPlaces(const std::string& path, absl::string_view data, std::vector<Place>* places) {
  uint64_t offset = kSegmentHeaderBytes;
  RecordView record;
  while (offset < data.size() &&
         ParseRecord(data.substr(offset), &record) == ParseOutcome::kRecord) {
    if (!record.payload.empty()) {
      places->push_back(
          {path, offset + kRecordHeaderBytes, record.payload.size(), record.position.lsn});
    }
    offset += record.encoded_bytes;
  }
}

}  // namespace

absl::StatusOr<FlippedBit> FlipBit(FileSystem& fs, const std::string& log_folder, Lsn lsn,
                                   Rng rng) {
  REPL_ASSIGN_OR_RETURN(const std::vector<std::string> names, fs.List(log_folder));
  std::vector<Place> places;
  for (const std::string& name : names) {
    if (!ParseSegmentName(name)) continue;
    const std::string path = absl::StrCat(log_folder, "/", name);
    REPL_ASSIGN_OR_RETURN(const std::string data, ReadWholeFile(fs, path));
    AddPlaces(path, data, &places);
  }
  if (lsn != Lsn(0)) std::erase_if(places, [&](const Place& place) { return place.lsn != lsn; });
  if (places.empty()) {
    return absl::NotFoundError(absl::StrCat(
        log_folder, ": contains no ",
        lsn == Lsn(0) ? std::string("record") : absl::StrCat("record with LSN ", lsn.value())));
  }
  const Place& place = places[rng.Below(places.size())];
  const uint64_t at = place.offset + rng.Below(place.bytes);
  REPL_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, fs.Open(place.path, /*create=*/false));
  REPL_ASSIGN_OR_RETURN(std::string byte, file->ReadAt(at, 1));
  byte[0] = static_cast<char>(byte[0] ^ static_cast<char>(1U << rng.Below(8)));
  REPL_RETURN_IF_ERROR(file->WriteAt(at, byte));
  return FlippedBit{place.path, at, place.lsn};
}

}  // namespace replsim
