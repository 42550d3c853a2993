// The thread that flushes the log, so that the node loop never waits for the disk. Writing hands
// bytes to the kernel and takes microseconds: the loop does it itself, and what it wrote while one
// flush ran is flushed together by the next: group commit. A batch that is to be flushed alone
// (sync: every-write) is written here too, right before its own flush.
//
// Owns the thread, not the log. Completions are told through `notify`, from the log thread and in
// the order of the log; `notify` may run the node loop right there (common/runtime/combiner.h).
#pragma once

#include <algorithm>
#include <deque>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/ids.h"
#include "common/protocol/effects.h"
#include "common/protocol/events.h"
#include "common/wal/log.h"

namespace replsim {

class LogThread {
 public:
  struct Hooks {
    absl::AnyInvocable<void(Event)> notify;
    // Appends to the log, with whatever belongs around it.
    absl::AnyInvocable<absl::Status(const BatchPtr& batch)> write;
    // Called around a flush for the writes in [first, last].
    absl::AnyInvocable<void(Lsn first, Lsn last)> before_flush;
    absl::AnyInvocable<void(Lsn first, Lsn last)> after_flush;
  };

  LogThread(Log& log, Hooks hooks);
  ~LogThread();  // finishes what is queued, then ends the thread

  void AppendAndFlush(BatchPtr batch);
  void Flush();  // everything written before this call
  // The log was cut back to `last` while this thread was idle (after Drain).
  void Truncated(Lsn last) { flushed_ = std::min(flushed_, last); }
  // Returns when nothing is queued or under way. Not from `notify`.
  void Drain();

 private:
  void Run();
  absl::Status Process(std::deque<BatchPtr> items);
  absl::Status Write(BatchPtr batch);
  absl::Status FlushWritten();

  Log& log_;
  Hooks hooks_;
  Lsn flushed_;  // the log thread's own, but when it is idle
  absl::Mutex mutex_;
  std::deque<BatchPtr> queue_ ABSL_GUARDED_BY(mutex_);  // null: only flush
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool failed_ = false;  // the log thread's own: nothing is acknowledged after a failure
  std::thread thread_;
};

}  // namespace replsim
