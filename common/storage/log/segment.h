// One file of the log: its name, its header, and functions to walk over its records. Knows nothing
// of the log as a whole. Pure functions of bytes.
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
// All little-endian. A segment begins after the one before it was truncated to its records and
// flushed. Only the last segment can therefore have a torn tail.
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
std::optional<Lsn> ParseSegmentName(absl::string_view name);  // absent: not a segment's name

struct SegmentHeader {
  uint32_t version = kSegmentVersion;
  Lsn first;
};
std::string EncodeSegmentHeader(Lsn first);
std::optional<SegmentHeader> ParseSegmentHeader(absl::string_view data);  // absent: not intact

// Position and size of the record at the start of `data`, without a check of the checksum. For
// records that were checked when they were written or opened. Absent if there is no complete
// record.
struct RecordOutline {
  Position position;
  size_t encoded_bytes = 0;
};
std::optional<RecordOutline> PeekRecord(absl::string_view data);

// Searches `data` from `offset` on, in steps of 8 bytes, for an intact record with an LSN above
// `after`. Returns the first one.
struct FoundRecord {
  uint64_t offset = 0;
  Position position;
};
std::optional<FoundRecord> FindRecord(absl::string_view data, uint64_t offset, Lsn after);

// Whether a sector of the record at `offset` never reached the disk. Such a sector is zero from the
// record's first byte in it to its end, because it was written ahead as zeros. A disk writes
// unflushed sectors in any order, so intact records may follow. A flipped bit or a misplaced write
// leaves no such sector.
bool MissesSector(absl::string_view data, uint64_t offset);

// A sparse index of a segment: the offsets of some records. Any record is reached from an entry by
// walking over at most kIndexStepBytes and one record. Ascending; the first entry is the first
// record.
inline constexpr uint64_t kIndexStepBytes = 16 << 10;
class SegmentIndex {
 public:
  struct Entry {
    Lsn lsn;
    uint64_t offset = 0;
  };
  void Add(Lsn lsn, uint64_t offset);         // called for every record, in order; keeps some
  Entry Before(Lsn lsn) const;                // the last entry at or before `lsn`
  std::optional<Entry> After(Lsn lsn) const;  // the first entry after it
  void TruncateTo(Lsn last);

 private:
  std::vector<Entry> entries_;
};

}  // namespace replsim
