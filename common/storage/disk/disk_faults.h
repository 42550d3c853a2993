// The disk faults that are active on one node. Thread-safe: the run sets them, NodeDisk
// (node_disk.h) and the code that flushes read them. There are no faults at first.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <mutex>

#include "absl/functional/any_invocable.h"
#include "common/base/time.h"

namespace replsim {

class DiskFaults {
 public:
  // The next `count` flushes fail with EIO.
  void FailFlushes(uint64_t count) { flushes_to_fail_ = count; }
  // All files together may grow by `bytes` of data; further writes fail with ENOSPC.
  void Fill(uint64_t bytes) { bytes_left_ = static_cast<int64_t>(bytes); }
  // Every flush takes `draw()` longer. `draw` is called under a lock.
  void SlowFlushes(absl::AnyInvocable<Nanos()> draw);
  // No flush ends before `until`.
  void StallFlushes(Instant until);
  void Heal();  // removes all faults

  // Whether the flush that begins now must fail; uses up one of the failures.
  bool TakeFlushFailure();
  // Reserves space for a file to grow. Returns how many of `bytes` there is space for.
  uint64_t TakeSpace(uint64_t bytes);
  void GiveSpaceBack(uint64_t bytes);
  // How much longer a flush takes that begins at `now`: the larger of the draw and the stall.
  Nanos ExtraFlushTime(Instant now);

 private:
  static constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

  std::atomic<uint64_t> flushes_to_fail_{0};
  std::atomic<int64_t> bytes_left_{kNoLimit};
  std::atomic<bool> slow_{false};
  std::mutex mutex_;  // guards the rest
  absl::AnyInvocable<Nanos()> draw_;
  Instant stalled_until_;
};

}  // namespace replsim
