#include "common/server/loop/log_thread.h"

#include <utility>

namespace replsim {

LogThread::LogThread(Log& log, LogHooks hooks)
    : work_(log, std::move(hooks)), thread_([this] { Run(); }) {}

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
  // A queued flush that has not begun covers this request, too.
  if (queue_.empty() || queue_.back() != nullptr) queue_.push_back(nullptr);
}

void LogThread::Drain() {
  if (std::this_thread::get_id() == thread_.get_id()) return DoQueued();
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](LogThread* self)
           ABSL_NO_THREAD_SAFETY_ANALYSIS { return self->queue_.empty() && !self->busy_; },
      this));
}

void LogThread::Run() {
  for (;;) {
    {
      absl::MutexLock lock(&mutex_);
      busy_ = false;
      mutex_.Await(absl::Condition(
          +[](LogThread* self)
               ABSL_NO_THREAD_SAFETY_ANALYSIS { return !self->queue_.empty() || self->stopping_; },
          this));
      if (queue_.empty()) return;
      busy_ = true;
    }
    DoQueued();
  }
}

void LogThread::DoQueued() {
  for (;;) {
    BatchPtr next;
    {
      absl::MutexLock lock(&mutex_);
      if (queue_.empty()) return;
      next = std::move(queue_.front());
      queue_.pop_front();
    }
    work_.WriteAndFlush(std::move(next));
  }
}

}  // namespace replsim
