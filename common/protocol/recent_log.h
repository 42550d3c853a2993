// The end of the log, kept in memory: what replicas are sent, what is not yet logged or applied.
// Older records are read back from the log. Bounded in bytes; what is still needed is never
// dropped.
#pragma once

#include <cstdint>
#include <deque>

#include "common/base/ids.h"
#include "common/storage/log/record.h"

namespace replsim {

class RecentLog {
 public:
  explicit RecentLog(uint64_t bytes_max) : bytes_max_(bytes_max) {}

  void Add(BatchPtr batch);  // batch->first must follow what is here
  // Drops the oldest batches beyond the bound, but none that ends after `needed_after`, and never
  // the newest.
  void Trim(Lsn needed_after);
  void Clear();
  // The part of the batch with `from` in it that ends by `through`; null where `from` is not here.
  BatchPtr From(Lsn from, Lsn through) const;

 private:
  const uint64_t bytes_max_;
  uint64_t bytes_ = 0;
  std::deque<BatchPtr> batches_;
};

}  // namespace replsim
