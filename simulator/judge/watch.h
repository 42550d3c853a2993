// Checks a time budget at intervals, so that a loop can call IsSpent at every step cheaply.
#pragma once

#include <cstdint>

#include "simulator/judge/verdict.h"

namespace replsim::judge {

class Watch {
 public:
  // `budget` must outlive this object.
  explicit Watch(const Budget& budget) : budget_(budget) {}

  // Whether the time is exhausted. `steps`: work done since the last call. The budget is checked at
  // the first call and then after every 1024 steps.
  bool IsSpent(uint64_t steps = 1) {
    if (spent_ || (steps_ += steps) < kStepsPerLook) return spent_;
    steps_ = 0;
    spent_ = budget_.is_spent();
    return spent_;
  }
  // Whether an earlier IsSpent call returned true.
  bool WasSpent() const { return spent_; }
  size_t memory_bytes() const { return budget_.memory_bytes; }

 private:
  static constexpr uint64_t kStepsPerLook = 1024;

  const Budget& budget_;
  uint64_t steps_ = kStepsPerLook;
  bool spent_ = false;
};

// Sets the verdict to unknown, with the limit as the reason.
inline void AnswerOutOfTime(Verdict* verdict) {
  verdict->holds = Holds::kUnknown;
  verdict->reason = "the time limit was reached (--time-limit)";
}
inline void AnswerOutOfMemory(Verdict* verdict) {
  verdict->holds = Holds::kUnknown;
  verdict->reason = "the memory limit was reached (--memory)";
}

}  // namespace replsim::judge
