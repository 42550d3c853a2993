// Makes a flush take as long as the node's disk faults demand (common/storage/disk/disk_faults.h).
// The node's disk calls Wait before each flush. Thread-safe.
#pragma once

#include "absl/synchronization/mutex.h"
#include "common/base/time.h"
#include "common/storage/disk/disk_faults.h"

namespace replsim {

class SlowFlush {
 public:
  explicit SlowFlush(DiskFaults& faults) : faults_(faults) {}

  void Wait() {
    const Nanos extra = faults_.ExtraFlushTime(MonotonicNow());
    if (extra <= Nanos(0)) return;
    absl::MutexLock lock(&mutex_);
    const uint64_t healed = healed_;
    const auto is_healed = [&] { return healed_ != healed; };
    mutex_.AwaitWithTimeout(absl::Condition(&is_healed), absl::FromChrono(extra));
  }

  // The faults were removed: ends all waits.
  void Healed() {
    absl::MutexLock lock(&mutex_);
    ++healed_;
  }

 private:
  DiskFaults& faults_;
  absl::Mutex mutex_;
  uint64_t healed_ = 0;
};

}  // namespace replsim
