// The end of the log, kept in memory: for the streams to replicas, and for records that are not yet
// logged or applied. Older records are read from the log. Trim bounds it in bytes, but keeps
// the records that the caller still needs. Part of a core.
#pragma once

#include <cstdint>
#include <deque>

#include "common/base/ids.h"
#include "common/storage/log/record.h"

namespace replsim {

class RecentLog {
 public:
  explicit RecentLog(uint64_t bytes_max) : bytes_max_(bytes_max) {}

  void Add(BatchPtr batch);  // batch->first must follow the last record
  // Drops the oldest batches until the size is within the bound. Keeps batches that end after
  // `needed_after`, and the newest batch.
  void Trim(Lsn needed_after);
  void Clear();
  // The records from `from` to the end of its batch, at most to `through`. Null if `from` is not in
  // memory.
  BatchPtr From(Lsn from, Lsn through) const;

 private:
  const uint64_t bytes_max_;
  uint64_t bytes_ = 0;
  std::deque<BatchPtr> batches_;
};

}  // namespace replsim
