// The messages that wait to be written to one gRPC stream, which takes one message at a time.
// Messages that are pushed during a write are sent when it completes: batching without a timer.
// Adjacent messages are merged where possible. Unbounded: flow control is up to the sender.
// Thread-safe.
#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace replsim {

template <class M>
class Outbox {
 public:
  // Merges `next` into `last` and returns true, or returns false if the two must stay separate.
  using Merge = bool (*)(M& last, M& next);
  using Callback = absl::AnyInvocable<void()>;

  explicit Outbox(Merge merge) : merge_(merge) {}

  void Push(M message) {
    absl::MutexLock lock(&mutex_);
    if (closed_) return;
    if (!queue_.empty() && merge_(queue_.back(), message)) return;
    queue_.push_back(std::move(message));
  }

  // As Push, but the message is never merged into the one before it.
  void PushApart(M message) {
    absl::MutexLock lock(&mutex_);
    if (!closed_) queue_.push_back(std::move(message));
  }

  // The message to write now. Null if there is none, or if a write is in progress. It stays valid
  // until Written.
  const M* Take() {
    absl::MutexLock lock(&mutex_);
    if (closed_ || writing_ || queue_.empty()) return nullptr;
    writing_ = true;
    current_ = std::move(queue_.front());
    queue_.pop_front();
    return &current_;
  }

  // The write of the message that Take returned has ended.
  void Written() {
    std::vector<Callback> due;
    {
      absl::MutexLock lock(&mutex_);
      writing_ = false;
      if (queue_.empty()) due.swap(after_);
    }
    for (Callback& callback : due) callback();
  }

  // Runs `then` when everything pushed so far has been written, or the outbox is closed; maybe now.
  void AfterWritten(Callback then) {
    {
      absl::MutexLock lock(&mutex_);
      if (!closed_ && (writing_ || !queue_.empty())) {
        after_.push_back(std::move(then));
        return;
      }
    }
    then();
  }

  bool idle() const {
    absl::MutexLock lock(&mutex_);
    return !writing_ && queue_.empty();
  }

  bool closed() const {
    absl::MutexLock lock(&mutex_);
    return closed_;
  }

  // Drops the queued messages; no write begins after this. Returns whether one is in progress.
  bool Close() {
    std::vector<Callback> due;
    bool writing;
    {
      absl::MutexLock lock(&mutex_);
      closed_ = true;
      queue_.clear();
      due.swap(after_);
      writing = writing_;
    }
    for (Callback& callback : due) callback();
    return writing;
  }

 private:
  const Merge merge_;
  mutable absl::Mutex mutex_;
  std::deque<M> queue_ ABSL_GUARDED_BY(mutex_);
  std::vector<Callback> after_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  M current_;  // used by the writer only, between Take and Written
};

template <class M>
bool NeverMerge(M&, M&) {
  return false;
}

}  // namespace replsim
