// A callback for one request that runs exactly once: with the status passed to it, or with ABORTED
// if it is destroyed before it was called. Use it for requests to a process that may die before it
// answers. Not thread-safe.
#pragma once

#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"

namespace replsim {

class AnswerOnce {
 public:
  using Done = absl::AnyInvocable<void(absl::Status)>;

  // `unanswered`: the message of the ABORTED status.
  AnswerOnce(Done done, std::string unanswered)
      : done_(std::move(done)), unanswered_(std::move(unanswered)) {}
  ~AnswerOnce() {
    if (done_) Tell(absl::AbortedError(unanswered_));
  }
  AnswerOnce(AnswerOnce&& other) noexcept
      : done_(std::exchange(other.done_, nullptr)), unanswered_(std::move(other.unanswered_)) {}
  AnswerOnce& operator=(AnswerOnce&&) = delete;

  void operator()(absl::Status status) { Tell(std::move(status)); }

 private:
  void Tell(absl::Status status) { std::exchange(done_, nullptr)(std::move(status)); }

  Done done_;
  std::string unanswered_;
};

}  // namespace replsim
