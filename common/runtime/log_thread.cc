#include "common/runtime/log_thread.h"

#include <algorithm>
#include <memory>
#include <utility>

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

void LogThread::Append(BatchPtr batch, FlushMode flush) {
  absl::MutexLock lock(&mutex_);
  queue_.push_back({std::move(batch), flush});
}

void LogThread::Flush() {
  absl::MutexLock lock(&mutex_);
  queue_.push_back({nullptr, FlushMode::kGroup});
}

void LogThread::Drain() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](LogThread* self) ABSL_NO_THREAD_SAFETY_ANALYSIS { return self->queue_.empty() && !self->busy_; },
      this));
}

void LogThread::Run() {
  for (;;) {
    std::deque<Item> items;
    {
      absl::MutexLock lock(&mutex_);
      busy_ = false;
      mutex_.Await(absl::Condition(
          +[](LogThread* self) ABSL_NO_THREAD_SAFETY_ANALYSIS {
            return !self->queue_.empty() || self->stopping_;
          },
          this));
      if (queue_.empty()) return;
      items.swap(queue_);
      busy_ = true;
    }
    if (!failed_) Process(std::move(items));
  }
}

// One write for each run of batches, one flush at the end of it if any asked for one; a batch that is
// to be flushed alone is a run of its own.
void LogThread::Process(std::deque<Item> items) {
  while (!items.empty()) {
    std::deque<Item> run;
    bool flush = false;
    do {
      flush |= items.front().flush != FlushMode::kNone;
      run.push_back(std::move(items.front()));
      items.pop_front();
    } while (!items.empty() && run.back().flush != FlushMode::kAlone &&
             items.front().flush != FlushMode::kAlone);
    absl::Status status = WriteRun(run);
    if (status.ok() && flush) status = FlushWritten();
    if (!status.ok()) {
      failed_ = true;
      hooks_.notify(LogFailed{std::string(status.message())});
      return;
    }
  }
}

absl::Status LogThread::WriteRun(std::deque<Item>& run) {
  BatchPtr batch;
  std::shared_ptr<RecordBatch> joined;
  for (Item& item : run) {
    if (item.batch == nullptr) continue;
    if (batch == nullptr) {
      batch = std::move(item.batch);
      continue;
    }
    if (joined == nullptr) batch = joined = std::make_shared<RecordBatch>(*batch);
    joined->last = item.batch->last;
    joined->bytes += item.batch->bytes;
  }
  // After a cut the log continues lower than it once was flushed to.
  if (batch != nullptr) flushed_ = std::min(flushed_, batch->first - 1);
  while (batch != nullptr) {
    const Lsn through = std::min(hooks_.before_write(batch->first, batch->last), batch->last);
    if (through < batch->first) continue;  // a failpoint stopped the process here; it goes on now
    const BatchPtr now = Slice(batch, batch->first, through);
    if (absl::Status status = log_.Append(*now); !status.ok()) return status;
    hooks_.after_write(now->first, now->last);
    hooks_.notify(LogWritten{now->last});
    batch = through < batch->last ? Slice(batch, through + 1, batch->last) : nullptr;
  }
  return absl::OkStatus();
}

absl::Status LogThread::FlushWritten() {
  const Lsn last = log_.last();
  if (last == flushed_) return absl::OkStatus();
  hooks_.before_flush(flushed_ + 1, last);
  if (absl::Status status = log_.Flush(); !status.ok()) return status;
  hooks_.after_flush(flushed_ + 1, last);
  flushed_ = last;
  hooks_.notify(LogFlushed{last});
  return absl::OkStatus();
}

}  // namespace replsim
