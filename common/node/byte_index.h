// Size of the log up to any recent LSN, for the bytes column of the stage trace. Covers what is
// between the slowest and the fastest stage of this node; older LSNs are asked of the log.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "common/base/ids.h"
#include "common/storage/log/record.h"

namespace replsim {

class ByteIndex {
 public:
  static constexpr size_t kRecordsMax = 1 << 18;

  ByteIndex(Lsn last, uint64_t bytes) : first_(last), sizes_{bytes} {}

  // Records that are known already change nothing; the others must follow those.
  void Add(const RecordBatch& batch) {
    absl::string_view rest = batch.bytes;
    for (Lsn lsn = batch.first; !rest.empty(); ++lsn) {
      const size_t size = PeekRecordBytes(rest);
      if (lsn == first_ + sizes_.size()) sizes_.push_back(sizes_.back() + size);
      rest.remove_prefix(size);
    }
    while (sizes_.size() > kRecordsMax) {
      sizes_.pop_front();
      ++first_;
    }
  }

  std::optional<uint64_t> At(Lsn lsn) const {
    if (lsn < first_ || lsn - first_ >= sizes_.size()) return std::nullopt;
    return sizes_[lsn - first_];
  }

 private:
  Lsn first_;                   // sizes_[0] is the size up to here
  std::deque<uint64_t> sizes_;  // never empty
};

}  // namespace replsim
