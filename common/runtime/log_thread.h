// The thread that writes and flushes the log, so that the node loop never waits for the disk. What
// has gathered while one flush ran is written and flushed together by the next: group commit.
//
// Owns the thread, not the log. Completions are told through `notify`, from the log thread and in the
// order of the log; `notify` may run the node loop right there (common/runtime/combiner.h).
#pragma once

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
    // Called around the steps for the writes in [first, last]. before_write may name the last write
    // to let through; everything after it then stays in the queue, and the hook is asked again.
    absl::AnyInvocable<Lsn(Lsn first, Lsn last)> before_write;
    absl::AnyInvocable<void(Lsn first, Lsn last)> after_write;
    absl::AnyInvocable<void(Lsn first, Lsn last)> before_flush;
    absl::AnyInvocable<void(Lsn first, Lsn last)> after_flush;
  };

  LogThread(Log& log, Hooks hooks);
  ~LogThread();  // finishes what is queued, then ends the thread

  void Append(BatchPtr batch, FlushMode flush);
  void Flush();
  // Returns when nothing is queued or under way. Not from `notify`.
  void Drain();

 private:
  struct Item {
    BatchPtr batch;  // null: only flush
    FlushMode flush = FlushMode::kNone;
  };
  void Run();
  void Process(std::deque<Item> items);
  absl::Status WriteRun(std::deque<Item>& run);
  absl::Status FlushWritten();

  Log& log_;
  Hooks hooks_;
  Lsn flushed_;  // the log thread's own
  absl::Mutex mutex_;
  std::deque<Item> queue_ ABSL_GUARDED_BY(mutex_);
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool failed_ = false;  // the log thread's own: nothing is acknowledged after a failure
  std::thread thread_;
};

}  // namespace replsim
