// What is wrong with a node's disk at the moment. Set by whoever breaks it, from any thread; asked
// by the disk (node_disk.h) and by whoever flushes.
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
  // Files take `bytes` more of data, all of them together; then ENOSPC.
  void Fill(uint64_t bytes) { bytes_left_ = static_cast<int64_t>(bytes); }
  // Every flush takes so much longer. `draw` is called under a lock.
  void SlowFlushes(absl::AnyInvocable<Nanos()> draw);
  // No flush ends before `until`.
  void StallFlushes(Instant until);
  void Heal();

  // Whether this flush fails.
  bool TakeFlushFailure();
  // How many of `bytes` more a file may grow by.
  uint64_t TakeSpace(uint64_t bytes);
  void GiveSpaceBack(uint64_t bytes);
  // How much longer a flush takes that begins now.
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
