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
#include "common/node/node_host.h"
#include "common/protocol/events.h"
#include "common/wal/log.h"

namespace replsim {

class LogThread final : public LogDevice {
 public:
  struct Hooks {
    absl::AnyInvocable<void(Event)> notify;
    // Appends to the log, with whatever belongs around it.
    absl::AnyInvocable<absl::Status(BatchPtr batch)> write;
    // Called before and after a flush of the writes in [first, last].
    absl::AnyInvocable<void(bool after, Lsn first, Lsn last)> around_flush;
  };

  LogThread(Log& log, Hooks hooks);
  ~LogThread() override;  // finishes what is queued, then ends the thread

  void AppendAndFlush(BatchPtr batch) override;
  void Flush() override;
  void Truncated(Lsn last) override { flushed_ = std::min(flushed_, last); }
  void Drain() override;  // not from `notify`

 private:
  void Run();
  absl::Status Process(std::deque<BatchPtr> items);
  absl::Status Write(const BatchPtr& batch);
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
