// The requests of other nodes that this node has not answered yet. The event loop answers them,
// gRPC threads add them. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/protocol/events.h"
#include "common/protocol/messages.h"

namespace replsim {

class PeerAsks {
 public:
  // `answered` is called once: with the answer, or without one when the node shuts down.
  using Answered = std::function<void(const std::optional<PeerAnswer>&)>;

  AskId Add(Answered answered) {
    {
      absl::MutexLock lock(&mutex_);
      if (!closed_) {
        const AskId ask(next_++);
        waiting_[ask] = std::move(answered);
        return ask;
      }
    }
    answered(std::nullopt);
    return AskId(0);
  }

  void Answer(AskId ask, const PeerAnswer& answer) {
    Answered answered;
    {
      absl::MutexLock lock(&mutex_);
      const auto found = waiting_.find(ask);
      if (found == waiting_.end()) return;
      answered = std::move(found->second);
      waiting_.erase(found);
    }
    answered(answer);
  }

  void AbandonAll() {
    std::map<AskId, Answered> waiting;
    {
      absl::MutexLock lock(&mutex_);
      closed_ = true;
      waiting.swap(waiting_);
    }
    for (const auto& [ask, answered] : waiting) answered(std::nullopt);
  }

 private:
  absl::Mutex mutex_;
  uint64_t next_ ABSL_GUARDED_BY(mutex_) = 1;
  std::map<AskId, Answered> waiting_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace replsim
