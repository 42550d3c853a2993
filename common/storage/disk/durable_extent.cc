#include "common/storage/disk/durable_extent.h"

#include <algorithm>

namespace replsim {
namespace {

// Lower and Raise change a number in one atomic step, because the writing and the flushing thread
// may change the same number at the same time.
void Lower(std::atomic<uint64_t>* number, uint64_t to) {
  uint64_t was = *number;
  while (to < was && !number->compare_exchange_weak(was, to)) {
  }
}

void Raise(std::atomic<uint64_t>* number, uint64_t to) {
  uint64_t was = *number;
  while (to > was && !number->compare_exchange_weak(was, to)) {
  }
}

}  // namespace

std::array<DurableExtent::Range, DurableExtent::kHolesMax> DurableExtent::holes() const {
  std::array<Range, kHolesMax> ranges;
  for (size_t i = 0; i < hole_count_; ++i) ranges[i] = {holes_[2 * i], holes_[2 * i + 1]};
  return ranges;
}

void DurableExtent::Overwritten(uint64_t offset) { Lower(&data_end_, offset); }

void DurableExtent::Truncated(uint64_t size_bytes) {
  Lower(&data_end_, size_bytes);
  Lower(&size_bytes_, size_bytes);
  Lower(&dropped_end_, size_bytes);
  while (hole_count_ > 0 && holes_[2 * hole_count_ - 2] >= size_bytes) --hole_count_;
  if (hole_count_ == 0) return;
  Lower(&holes_[2 * hole_count_ - 1], size_bytes);
}

void DurableExtent::Flushed(uint64_t data_end, uint64_t size_bytes) {
  Raise(&data_end_, data_end);
  Raise(&size_bytes_, size_bytes);
}

void DurableExtent::FlushFailed(uint64_t data_end) {
  const uint64_t begin = std::max<uint64_t>(data_end_, dropped_end_);
  if (data_end <= begin) return;
  dropped_end_ = data_end;
  // If the array is full, the last hole is extended: the simulation loses more, never less.
  const size_t slot = std::min<size_t>(hole_count_, kHolesMax - 1);
  if (slot == hole_count_) holes_[2 * slot] = begin;
  holes_[2 * slot + 1] = data_end;
  hole_count_ = slot + 1;
}

}  // namespace replsim
