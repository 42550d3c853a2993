// Flushes the log on a thread of its own, so that the event loop never waits for the disk. The
// event loop itself writes, because a write only hands bytes to the kernel and takes microseconds.
// Records written during one flush are flushed together by the next one (group commit). A batch
// with a flush of its own (sync: every-write) is written by the log thread, right before that
// flush.
//
// Owns the thread, not the log. The log thread posts completions in the order of the log. The post
// may run the event loop on the log thread (common/server/loop/combiner.h).
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
  // On the log thread, which may be running the event loop, executes the queued work itself.
  void Drain() override;

 private:
  void Run();
  void DoQueued();

  LogWork work_;  // used by the log thread; by Truncated while the thread is idle
  absl::Mutex mutex_;
  std::deque<BatchPtr> queue_ ABSL_GUARDED_BY(mutex_);  // null: only flush
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace replsim
