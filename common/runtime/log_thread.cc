#include "common/runtime/log_thread.h"

#include <utility>

#include "common/base/status.h"

namespace replsim {

LogThread::LogThread(Log& log, Hooks hooks)
    : log_(log), hooks_(std::move(hooks)), flushed_(log.last()), thread_([this] { Run(); }) {}

LogThread::~LogThread() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void LogThread::AppendAndFlush(BatchPtr batch) {
  absl::MutexLock lock(&mutex_);
  queue_.push_back(std::move(batch));
}

void LogThread::Flush() {
  absl::MutexLock lock(&mutex_);
  // One flush that has not begun is as good as two.
  if (queue_.empty() || queue_.back() != nullptr) queue_.push_back(nullptr);
}

void LogThread::Drain() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](LogThread* self)
           ABSL_NO_THREAD_SAFETY_ANALYSIS { return self->queue_.empty() && !self->busy_; },
      this));
}

void LogThread::Run() {
  for (;;) {
    std::deque<BatchPtr> items;
    {
      absl::MutexLock lock(&mutex_);
      busy_ = false;
      mutex_.Await(absl::Condition(
          +[](LogThread* self)
               ABSL_NO_THREAD_SAFETY_ANALYSIS { return !self->queue_.empty() || self->stopping_; },
          this));
      if (queue_.empty()) return;
      items.swap(queue_);
      busy_ = true;
    }
    if (failed_) continue;
    if (const absl::Status status = Process(std::move(items)); !status.ok()) {
      failed_ = true;
      hooks_.notify(LogFailed{std::string(status.message())});
    }
  }
}

absl::Status LogThread::Process(std::deque<BatchPtr> items) {
  for (const BatchPtr& batch : items) {
    if (batch != nullptr) REPL_RETURN_IF_ERROR(Write(batch));
    REPL_RETURN_IF_ERROR(FlushWritten());
  }
  return absl::OkStatus();
}

absl::Status LogThread::Write(const BatchPtr& batch) {
  const bool follows = batch->first == log_.last() + 1;
  const absl::Status written = follows ? hooks_.write(batch) : absl::OkStatus();
  if (!follows || absl::IsResourceExhausted(written)) {
    hooks_.notify(LogFull{batch});
    return absl::OkStatus();
  }
  REPL_RETURN_IF_ERROR(written);
  hooks_.notify(LogWritten{batch->last});
  return absl::OkStatus();
}

absl::Status LogThread::FlushWritten() {
  const Lsn last = log_.last();
  if (last <= flushed_) return absl::OkStatus();
  hooks_.around_flush(false, flushed_ + 1, last);
  if (absl::Status status = log_.Flush(); !status.ok()) return status;
  hooks_.around_flush(true, flushed_ + 1, last);
  flushed_ = last;
  hooks_.notify(LogFlushed{last});
  return absl::OkStatus();
}

}  // namespace replsim
