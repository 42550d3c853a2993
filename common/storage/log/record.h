// The format of a log record, on disk and on the wire. The primary encodes and checksums a record
// once; every replica writes the same bytes. docs/formats.md has the picture.
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
  kEnd,      // no record: no data, or zeros
  kInvalid,  // bytes that are not a complete, intact record
};
// Parses the record that `data` begins with, and verifies its checksum.
ParseOutcome ParseRecord(absl::string_view data, RecordView* record);

// Encoded size of the record that `data` begins with, from its header alone. `data` must have been
// parsed before and consist of complete records.
size_t PeekRecordBytes(absl::string_view data);

// Encoded records with consecutive LSNs. Immutable once shared: the log, the store and the streams
// to all replicas use the same object.
struct RecordBatch {
  Lsn first;
  Lsn last;
  std::string bytes;
};
using BatchPtr = std::shared_ptr<const RecordBatch>;

// The records [first, last] of `batch`, which must contain them. Returns `batch` itself if that is
// all of it.
BatchPtr Slice(const BatchPtr& batch, Lsn first, Lsn last);

// Makes a batch of `bytes`. Returns null unless `bytes` is one or more intact records, dense in
// LSN, with epochs that never decrease. For bytes that a peer sent.
BatchPtr ParseBatch(std::string bytes);

}  // namespace replsim
