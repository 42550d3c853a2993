// The armed failpoints of one node. The Control service arms them; the node passes each write
// through the points of its life. A failpoint kills or pauses the node at exactly one point, for
// exactly one write. Thread-safe. While no failpoint is armed, a pass costs one relaxed load.
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
    // Exactly one of the two is set.
    uint64_t hit = 0;    // fires at the n-th write to pass from now on
    Lsn lsn;             // fires at this write
    bool pause = false;  // SIGSTOP instead of SIGKILL
  };
  struct Match {
    Lsn lsn;
    bool pause = false;
  };

  void Arm(Armed armed);
  bool armed() const { return any_.load(std::memory_order_relaxed); }  // at least one

  // The writes [first, last] are about to pass `point` (after = false) or have just passed it.
  // Returns the write at which a failpoint fires; that failpoint is then disarmed. A write that
  // passes again, to a second replica or after a reconnect, is not counted again.
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
