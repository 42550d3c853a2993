// What every log device does with the log, whichever thread it does it in (log_device.h): write,
// flush, tell, in the order of the log, and nothing more once something has failed. Not
// thread-safe: whoever owns one lets one thread at a time in.
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
  // Of each completion; may run the node loop right there (common/runtime/combiner.h).
  absl::AnyInvocable<void(Event)> notify;
  // Appends to the log, with whatever belongs around it.
  absl::AnyInvocable<absl::Status(BatchPtr batch)> write;
  // A flush of the writes in [first, last] begins, or has ended, with so many bytes to write; 0:
  // the flush before it had taken them with it, and there is none.
  using AroundFlush = absl::AnyInvocable<void(Lsn first, Lsn last, uint64_t device_bytes)>;
  AroundFlush before_flush;
  AroundFlush after_flush;
};

class LogWork {
 public:
  LogWork(Log& log, LogHooks hooks) : log_(log), hooks_(std::move(hooks)), flushed_(log.last()) {}

  // Writes the batch, if there is one, and flushes all that is written.
  void WriteAndFlush(BatchPtr batch);

  // The same in parts. False: it failed, now or before. A batch for which there is no room, or that
  // does not follow the log's end, is given back (LogFull).
  bool Write(BatchPtr batch);
  // Begins a flush of all that is written. Without a file in the result there is nothing to flush;
  // if an earlier flush covered it, LogFlushed has been sent.
  Log::Flushing BeginFlush();
  // What File::SyncTo or EndSync said of it.
  void EndFlush(absl::Status synced);

  // The log was cut back.
  void Truncated(Lsn last) { flushed_ = std::min(flushed_, last); }

 private:
  void Flushed();
  void Fail(const absl::Status& why);

  Log& log_;
  LogHooks hooks_;
  Lsn flushed_;
  Lsn flushing_to_;
  uint64_t device_bytes_ = 0;  // of the flush under way
  bool failed_ = false;        // nothing is acknowledged after a failure
};

}  // namespace replsim
