#include "primary/core/write_queue.h"

#include <memory>

#include "common/base/check.h"

namespace replsim {

uint64_t WriteQueue::Add(Position position, Instant stamp, absl::string_view command,
                         RequestId client, Instant now) {
  if (building_.empty()) building_first_ = position.lsn;
  building_last_ = position.lsn;
  const size_t before = building_.size();
  AppendRecord(position, stamp, command, &building_);
  const uint64_t bytes = building_.size() - before;
  bytes_ += bytes;
  pending_.push_back({client, now, bytes});
  return bytes;
}

BatchPtr WriteQueue::Seal() {
  if (building_.empty()) return nullptr;
  auto batch = std::make_shared<RecordBatch>();
  batch->first = building_first_;
  batch->last = building_last_;
  batch->bytes = std::exchange(building_, {});
  return batch;
}

void WriteQueue::Release(Lsn gated) {
  while (!pending_.empty() && first_ <= gated) {
    bytes_ -= pending_.front().bytes;
    pending_.pop_front();
    ++first_;
  }
}

void WriteQueue::Check(Lsn last) const {
  REPL_CHECK(first_ + pending_.size() == last + 1, "the queue does not end at the last write");
  REPL_CHECK(pending_.size() <= records_max_);
  REPL_CHECK(locks_.waiting() <= records_max_);
}

}  // namespace replsim
