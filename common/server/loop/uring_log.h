// The log device that leaves the waiting to the kernel (io_uring): whoever asks for a flush hands
// the kernel an fdatasync and goes on, and a thread that waits for completions tells the node.
//
// Writing is done as by the other devices, by File::WriteAt in the thread that asks: it copies into
// the page cache and does not wait, and what stands around a file (faults, what is known to be
// flushed) sees every byte. Of a flush it sees BeginSync and EndSync.
//
// The kernel runs an fdatasync in a worker thread of its own, and whoever waits for its end is
// woken for it: two wake-ups where a log thread has one, and yet no slower (docs/performance.md has
// the measurement). One flush is under way at a time; what gathers meanwhile shares the next.
#pragma once

#include <deque>
#include <memory>
#include <thread>

#include <liburing.h>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/node/node_host.h"
#include "common/server/loop/log_work.h"

namespace replsim {

class UringLog final : public LogDevice {
 public:
  // Unavailable where the kernel does not let this process use io_uring, with what to do.
  static absl::StatusOr<std::unique_ptr<UringLog>> Open(Log& log, LogHooks hooks);
  ~UringLog() override;  // finishes what is queued

  void AppendAndFlush(BatchPtr batch) override { Enqueue(std::move(batch)); }
  void Flush() override { Enqueue(nullptr); }
  void Truncated(Lsn last) override { work_.Truncated(last); }
  // From the completion thread itself, which may be running the loop, it waits right there.
  void Drain() override;

 private:
  UringLog(Log& log, LogHooks hooks);
  void Enqueue(BatchPtr batch);

  // By whoever set busy_. Begins what is queued until a flush is under way; false: nothing is left.
  bool BeginNext();
  void Submit(int op, int fd);
  int WaitForCompletion();  // the result; kStop after the destructor's wish
  void Complete(int result);
  // Goes on, or lets go of the log.
  void Next();
  void Run();

  LogWork work_;            // of the operation in progress (busy_)
  Log::Flushing flushing_;  // under way; the same
  absl::Mutex mutex_;
  std::deque<BatchPtr> queue_ ABSL_GUARDED_BY(mutex_);  // null: only flush
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;           // somebody works on the log, or the kernel
  absl::Mutex submit_;
  io_uring ring_;  // submissions under submit_, completions by the thread
  std::thread thread_;
};

}  // namespace replsim
