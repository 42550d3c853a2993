// How one log record lies on disk and on the wire: encoded once by the primary, checksummed once,
// written verbatim by every replica. docs/formats.md has the picture.
//
//   u64 checksum   XXH3_64 of everything after this field, padding excluded
//   u32 size       of the payload, in bytes
//   u32 magic      kRecordMagic
//   u64 epoch      ┐ the position
//   u64 lsn        ┘
//   i64 time_ns    when the primary appended it, on the primary's wall clock
//   payload        then zeros up to the next multiple of 8
//
// All little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/ids.h"
#include "common/base/time.h"

namespace replsim {

inline constexpr uint32_t kRecordMagic = 0x4c415752;  // "RWAL"
inline constexpr size_t kRecordHeaderBytes = 40;
inline constexpr size_t kPayloadBytesMax = 1 << 20;

struct RecordView {
  Position position;
  Instant time;
  absl::string_view payload;  // points into the parsed data
  size_t encoded_bytes = 0;   // header, payload and padding
};

constexpr size_t EncodedRecordBytes(size_t payload_bytes) {
  return (kRecordHeaderBytes + payload_bytes + 7) / 8 * 8;
}

// payload.size() must not exceed kPayloadBytesMax.
void AppendRecord(Position position, Instant time, absl::string_view payload, std::string* out);

enum class ParseOutcome {
  kRecord,   // *record is set
  kEnd,      // nothing here: no data, or zeros where a record would begin
  kInvalid,  // something that is not a whole, intact record
};
ParseOutcome ParseRecord(absl::string_view data, RecordView* record);

// Encoded size of the record that `data` begins with, from its header alone: for data that was
// parsed before and is known to be whole records.
size_t PeekRecordBytes(absl::string_view data);

// A run of records with consecutive LSNs, in their encoded form. Immutable once shared: the log,
// the store and the stream of every replica hold the same one.
struct RecordBatch {
  Lsn first;
  Lsn last;
  std::string bytes;
};
using BatchPtr = std::shared_ptr<const RecordBatch>;

// The part of `batch` in [first, last], which it must hold; `batch` itself when that is all of it.
BatchPtr Slice(const BatchPtr& batch, Lsn first, Lsn last);

// Checks that `bytes` is whole records, dense in LSN, epochs never falling, and makes a batch of
// it; null where it is not, or is empty. The receiving half of the check the sender makes.
BatchPtr ParseBatch(std::string bytes);

}  // namespace replsim
