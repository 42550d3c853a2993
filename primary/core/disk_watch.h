// How long the disk under a primary's log has stood still: an append was given to it or a flush
// asked for, and none has ended since. Writes and flushes are watched apart, because writes to the
// page cache go on while no flush ends. Other systems call it a disk stall.
#pragma once

#include <algorithm>

#include "common/base/ids.h"
#include "common/base/time.h"

namespace replsim {

class DiskWatch {
 public:
  // Everything up to `flushed` is on disk.
  explicit DiskWatch(Lsn flushed) : writes_{flushed}, flushes_{flushed} {}

  // Called once per TakeEffects: what was asked of the log, and what it has done.
  void Update(Lsn append, Lsn written, Lsn flush_asked, Lsn flushed, Instant now) {
    writes_.Update(append, written, now);
    flushes_.Update(flush_asked, flushed, now);
  }

  // Since when one of the two stands still; kNever: neither does.
  Instant still_since() const { return std::min(writes_.since, flushes_.since); }

 private:
  struct Stage {
    Lsn done;
    Instant since = kNever;  // nothing has ended since; kNever: nothing is asked for

    void Update(Lsn asked, Lsn now_done, Instant now) {
      if (now_done >= asked) {
        since = kNever;
      } else if (since == kNever || now_done > done) {
        since = now;
      }
      done = now_done;
    }
  };

  Stage writes_;
  Stage flushes_;
};

}  // namespace replsim
