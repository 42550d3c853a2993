// Log records for fuzz programs: valid ones, and a repair of checksums.
#pragma once

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "common/storage/log/record.h"

namespace replsim {

inline std::string SomeRecords(uint64_t epoch, uint64_t first, uint64_t last) {
  std::string bytes;
  for (uint64_t lsn = first; lsn <= last; ++lsn) {
    AppendRecord({Epoch(epoch), Lsn(lsn)}, FromNanos(static_cast<int64_t>(lsn)),
                 std::string(lsn % 20, 'v'), &bytes);
  }
  return bytes;
}

// Gives each record of `bytes` its correct checksum, up to the first truncated record.
inline void RepairChecksums(std::string* bytes) {
  size_t at = 0;
  while (bytes->size() - at >= kRecordHeaderBytes) {
    char* record = bytes->data() + at;
    uint32_t payload = 0;
    std::memcpy(&payload, record + sizeof(uint64_t), sizeof(payload));
    const size_t encoded = EncodedRecordBytes(payload);
    if (encoded > bytes->size() - at) return;
    const uint64_t checksum =
        XXH3_64bits(record + sizeof(uint64_t), kRecordHeaderBytes - sizeof(uint64_t) + payload);
    std::memcpy(record, &checksum, sizeof(checksum));
    at += encoded;
  }
}

}  // namespace replsim
