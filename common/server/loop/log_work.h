// The operations that every log device performs on the log, on whichever thread: write, flush and
// notify, in the order of the log. After a failure it does nothing more. Not thread-safe: the log
// device lets one thread at a time use it.
#pragma once

#include <algorithm>
#include <optional>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "common/base/ids.h"
#include "common/protocol/events.h"
#include "common/storage/log/log.h"

namespace replsim {

struct LogHooks {
  // Called with each completion. It may run the event loop on the calling thread
  // (common/server/loop/combiner.h).
  absl::AnyInvocable<void(Event)> notify;
  // Appends the batch to the log, through the node's failpoints.
  absl::AnyInvocable<absl::Status(BatchPtr batch)> write;
  // Called before and after a flush of the writes [first, last]. `device_bytes`: see
  // common/storage/log/log.h. 0: an earlier flush has covered the writes, and there is no flush.
  using AroundFlush = absl::AnyInvocable<void(Lsn first, Lsn last, uint64_t device_bytes)>;
  AroundFlush before_flush;
  AroundFlush after_flush;
};

class LogWork {
 public:
  LogWork(Log& log, LogHooks hooks) : log_(log), hooks_(std::move(hooks)), flushed_(log.last()) {}

  // Writes the batch, unless it is null, and flushes everything written.
  void WriteAndFlush(BatchPtr batch);

  // The same in steps. Write returns false if it failed, now or before. A batch for which there is
  // no space, or that does not follow the end of the log, is returned in LogFull.
  bool Write(BatchPtr batch);
  // Begins a flush of everything written. If `file` is null in the result, there is nothing to
  // flush. If an earlier flush covered the writes, LogFlushed has been sent.
  Log::Flushing BeginFlush();
  // Ends it with the result of File::SyncTo or File::EndSync.
  void EndFlush(absl::Status synced);

  // The log was truncated to `last`.
  void Truncated(Lsn last) { flushed_ = std::min(flushed_, last); }

 private:
  void Flushed();
  void Fail(const absl::Status& why);

  Log& log_;
  LogHooks hooks_;
  Lsn flushed_;
  Lsn flushing_to_;
  uint64_t device_bytes_ = 0;  // of the flush in progress
  bool failed_ = false;        // nothing is acknowledged after a failure
};

}  // namespace replsim
