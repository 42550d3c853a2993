// A callback that is called exactly once: with the status it is given, or, if it is destroyed
// without one, with ABORTED. For requests that may die with the process they were sent to.
// Single-threaded.
#pragma once

#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"

namespace replsim {

class AnswerOnce {
 public:
  using Done = absl::AnyInvocable<void(absl::Status)>;

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
