// The thread that flushes the log, so that the node loop never waits for the disk. Writing hands
// bytes to the kernel and takes microseconds: the loop does it itself, and what it wrote while one
// flush ran is flushed together by the next: group commit. A batch that is to be flushed alone
// (sync: every-write) is written here too, right before its own flush.
//
// Owns the thread, not the log. Completions are told from the log thread and in the order of the
// log; that may run the node loop right there (common/server/loop/combiner.h).
#pragma once

#include <deque>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/node/node_host.h"
#include "common/server/loop/log_work.h"

namespace replsim {

class LogThread final : public LogDevice {
 public:
  LogThread(Log& log, LogHooks hooks);
  ~LogThread() override;  // finishes what is queued, then ends the thread

  void AppendAndFlush(BatchPtr batch) override;
  void Flush() override;
  void Truncated(Lsn last) override { work_.Truncated(last); }
  // From the log thread itself, which may be running the loop, it does what is queued right there.
  void Drain() override;

 private:
  void Run();
  void DoQueued();

  LogWork work_;  // the log thread's own, but when it is idle
  absl::Mutex mutex_;
  std::deque<BatchPtr> queue_ ABSL_GUARDED_BY(mutex_);  // null: only flush
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace replsim
