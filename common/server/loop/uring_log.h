// The log device whose flushes run in the kernel (io_uring). The thread that requests a flush hands
// the kernel an fdatasync and continues. A completion thread waits for the end and notifies the
// node.
//
// Writes use File::WriteAt on the requesting thread, as in the other devices: it copies into the
// page cache and does not wait. Wrappers around the file (disk faults, tracking of flushed data)
// therefore see every byte. They see a flush as BeginSync and EndSync.
//
// The kernel runs an fdatasync on a worker thread of its own, and the completion wakes the thread
// that waits. This takes two wake-ups where a log thread needs one, but is not slower
// (docs/performance.md has the measurement). One flush is in progress at a time; requests during
// that flush share the next one.
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
  // Unavailable if this process may not use io_uring; the message says how to enable it.
  static absl::StatusOr<std::unique_ptr<UringLog>> Open(Log& log, LogHooks hooks);
  ~UringLog() override;  // finishes what is queued

  void AppendAndFlush(BatchPtr batch) override { Enqueue(std::move(batch)); }
  void Flush() override { Enqueue(nullptr); }
  void Truncated(Lsn last) override { work_.Truncated(last); }
  // On the completion thread, which may be running the event loop, executes the queue itself.
  void Drain() override;

 private:
  UringLog(Log& log, LogHooks hooks);
  void Enqueue(BatchPtr batch);

  // Called only by the thread that owns the work (busy_). Takes requests from the queue until one
  // has begun a flush. False: the queue is empty.
  bool BeginNext();
  void Submit(int op, int fd);
  int WaitForCompletion();  // the result of the flush, or kStop when the destructor ends the thread
  void Complete(int result);
  // Begins the next flush, or clears busy_ if nothing is queued.
  void Next();
  void Run();

  LogWork work_;            // used by the owner of busy_ only
  Log::Flushing flushing_;  // the flush in progress; used by the owner of busy_ only
  absl::Mutex mutex_;
  std::deque<BatchPtr> queue_ ABSL_GUARDED_BY(mutex_);  // null: only flush
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;           // a thread or the kernel works on the log
  absl::Mutex submit_;
  io_uring ring_;  // submissions under submit_, completions by the thread
  std::thread thread_;
};

}  // namespace replsim
