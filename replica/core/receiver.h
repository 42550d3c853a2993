// The log of a replica: logs the records that the primary sends, requests flushes on schedule, and
// tracks the position of each stage. Part of a core: single-threaded, without I/O. Effects are
// appended to `out`.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/base/check.h"
#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/feed/recent_log.h"
#include "common/protocol/effects.h"
#include "common/protocol/flush_schedule.h"
#include "common/protocol/knobs.h"

namespace replsim {

class Receiver {
 public:
  // `recent_bytes_max`: bytes of received records in memory; others are read from the log.
  Receiver(const DurabilityKnobs& durability, uint64_t recent_bytes_max, Lsn last, Lsn flushed)
      : last_(last),
        write_(last),
        flush_(flushed),
        flushes_(durability, flushed),
        recent_(recent_bytes_max) {}

  Lsn last() const { return last_; }  // received
  Lsn write() const { return write_; }
  Lsn flush() const { return flush_; }
  RecentLog& recent() { return recent_; }

  // `batch` must follow last().
  void Append(const BatchPtr& batch, Effects* out);
  void HandleWritten(Lsn last) { write_ = std::max(write_, std::min(last, last_)); }
  // A flush has ended. HandleFlushed follows unless the log is being truncated.
  void EndFlush() { flushes_.Flushed(); }
  void HandleFlushed(Lsn last) { flush_ = std::max(flush_, std::min(last, write_)); }
  // The log was truncated to `last` and flushed.
  void HandleTruncated(Lsn last);
  void FlushIfDue(Instant now, Effects* out);
  Instant NextTimer() const { return flushes_.next(); }

  void Check() const {
    REPL_CHECK(flush_ <= write_ && write_ <= last_, "flush ", flush_.value(), " write ",
               write_.value(), " last ", last_.value());
  }

 private:
  Lsn last_;
  Lsn write_;
  Lsn flush_;
  FlushSchedule flushes_;
  RecentLog recent_;
};

}  // namespace replsim
