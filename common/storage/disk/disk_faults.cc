#include "common/storage/disk/disk_faults.h"

#include <algorithm>
#include <utility>

namespace replsim {

void DiskFaults::SlowFlushes(absl::AnyInvocable<Nanos()> draw) {
  const std::lock_guard<std::mutex> lock(mutex_);
  draw_ = std::move(draw);
  slow_ = true;
}

void DiskFaults::StallFlushes(Instant until) {
  const std::lock_guard<std::mutex> lock(mutex_);
  stalled_until_ = until;
  slow_ = true;
}

void DiskFaults::Heal() {
  flushes_to_fail_ = 0;
  bytes_left_ = kNoLimit;
  const std::lock_guard<std::mutex> lock(mutex_);
  draw_ = nullptr;
  stalled_until_ = Instant();
  slow_ = false;
}

bool DiskFaults::TakeFlushFailure() {
  uint64_t left = flushes_to_fail_;
  while (left > 0 && !flushes_to_fail_.compare_exchange_weak(left, left - 1)) {
  }
  return left > 0;
}

uint64_t DiskFaults::TakeSpace(uint64_t bytes) {
  int64_t left = bytes_left_;
  if (left == kNoLimit) return bytes;
  uint64_t taken = 0;
  do {
    if (left == kNoLimit) return bytes;
    taken = std::min(bytes, static_cast<uint64_t>(left));
  } while (!bytes_left_.compare_exchange_weak(left, left - static_cast<int64_t>(taken)));
  return taken;
}

void DiskFaults::GiveSpaceBack(uint64_t bytes) {
  int64_t left = bytes_left_;
  while (left != kNoLimit &&
         !bytes_left_.compare_exchange_weak(left, left + static_cast<int64_t>(bytes))) {
  }
}

Nanos DiskFaults::ExtraFlushTime(Instant now) {
  if (!slow_) return Nanos(0);
  const std::lock_guard<std::mutex> lock(mutex_);
  const Nanos drawn = draw_ ? draw_() : Nanos(0);
  return std::max(drawn, stalled_until_ - now);
}

}  // namespace replsim
