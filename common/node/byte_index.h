// Maps recent LSNs to the size of the log up to them, for the bytes column of the stage trace. It
// covers the last kRecordsMax records; NodeTrace looks older LSNs up in the log.
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

  // Adds the records that are not known yet; they must follow the known ones.
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
