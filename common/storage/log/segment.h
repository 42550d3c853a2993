// One file of the log and what can be said of it without the log: its name, its header, and walking
// over the records in it.
//
// A segment is `wal-<first LSN, 20 digits>.log`:
//
//   u64 checksum    XXH3_64 of the rest of the header
//   u64 magic       kSegmentMagic
//   u32 version     1
//   u32 0
//   u64 first_lsn   of the first record; the same as in the name
//   records         (record.h), back to back, dense in LSN
//   zeros           space written ahead; only in the last segment
//
// All little-endian. A segment is begun when the one before it is whole, cut to its records and
// flushed: only the last one can have a torn tail.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/ids.h"
#include "common/storage/log/record.h"

namespace replsim {

inline constexpr uint64_t kSegmentMagic = 0x474c41574c504552;  // "REPLWALG"
inline constexpr uint32_t kSegmentVersion = 1;
inline constexpr uint64_t kSegmentHeaderBytes = 32;

std::string SegmentName(Lsn first);
std::optional<Lsn> ParseSegmentName(absl::string_view name);  // nothing: not a segment's name

struct SegmentHeader {
  uint32_t version = kSegmentVersion;
  Lsn first;
};
std::string EncodeSegmentHeader(Lsn first);
std::optional<SegmentHeader> ParseSegmentHeader(absl::string_view data);  // nothing: not intact

// Position and size of the record at the start of `data`, its checksum left alone: for walking over
// records that were checked when they were written or opened. Nothing: no whole record there.
struct RecordOutline {
  Position position;
  size_t encoded_bytes = 0;
};
std::optional<RecordOutline> PeekRecord(absl::string_view data);

// The first intact record after LSN `after` at an 8-byte step of `data` from `offset` on.
struct FoundRecord {
  uint64_t offset = 0;
  Position position;
};
std::optional<FoundRecord> FindRecord(absl::string_view data, uint64_t offset, Lsn after);

// Whether a sector of the record at `offset` never reached the disk: it is zero to its end, as it
// was when the space was written ahead. A disk writes what was not flushed in any order, so intact
// records may follow. Neither a turned bit nor a misplaced write leaves such a sector.
bool MissesSector(absl::string_view data, uint64_t offset);

// Where some of a segment's records begin: enough to reach any of them by walking over at most
// kIndexStepBytes and one record. Ascending; the first entry is the first record.
inline constexpr uint64_t kIndexStepBytes = 16 << 10;
class SegmentIndex {
 public:
  struct Entry {
    Lsn lsn;
    uint64_t offset = 0;
  };
  void Add(Lsn lsn, uint64_t offset);         // called for every record, in order; keeps few
  Entry Before(Lsn lsn) const;                // the last entry at or before `lsn`
  std::optional<Entry> After(Lsn lsn) const;  // the first entry after it
  void TruncateTo(Lsn last);

 private:
  std::vector<Entry> entries_;
};

}  // namespace replsim
