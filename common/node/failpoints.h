// Failpoints of one node: armed over the Control service, passed by whoever carries a write through
// the points of its life. "Kill mid-write" means that the node ends itself at exactly that point,
// for exactly that write. Thread-safe; nothing armed costs one relaxed load.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/ids.h"
#include "common/protocol/failpoint_names.h"

namespace replsim {

class Failpoints {
 public:
  struct Armed {
    FailpointName name;
    uint64_t hit = 0;  // the n-th write to pass from now on; 0: by LSN
    Lsn lsn;
    bool pause = false;  // SIGSTOP instead of SIGKILL
  };
  struct Match {
    Lsn lsn;
    bool pause = false;
  };

  void Arm(Armed armed);
  bool armed() const { return any_.load(std::memory_order_relaxed); }  // at least one

  // The writes [first, last] are about to pass (after = false) or have just passed. Returns where
  // it fires, if it does; that failpoint is then spent. A write that passes again, to a second
  // replica or after a reconnect, is not counted again.
  std::optional<Match> Pass(Point point, bool after, Lsn first, Lsn last) {
    if (!armed()) [[likely]]
      return std::nullopt;
    return PassSlow(point, after, first, last);
  }

 private:
  struct Entry {
    Armed armed;
    uint64_t passed = 0;
    Lsn passed_through;
  };
  std::optional<Match> PassSlow(Point point, bool after, Lsn first, Lsn last);

  std::atomic<bool> any_{false};
  absl::Mutex mutex_;
  std::vector<Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace replsim
