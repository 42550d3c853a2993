// Looks at a budget every so often, so that a loop may ask at every step.
#pragma once

#include <cstdint>

#include "simulator/judge/verdict.h"

namespace replsim::judge {

class Watch {
 public:
  // `budget` outlives this.
  explicit Watch(const Budget& budget) : budget_(budget) {}

  // Whether the time is spent. `steps`: how much was done since the last call; the budget is asked
  // at the first call and after every 1024 steps.
  bool IsSpent(uint64_t steps = 1) {
    if (spent_ || (steps_ += steps) < kStepsPerLook) return spent_;
    steps_ = 0;
    spent_ = budget_.is_spent();
    return spent_;
  }
  // Whether a call has answered that it is.
  bool WasSpent() const { return spent_; }
  size_t memory_bytes() const { return budget_.memory_bytes; }

 private:
  static constexpr uint64_t kStepsPerLook = 1024;

  const Budget& budget_;
  uint64_t steps_ = kStepsPerLook;
  bool spent_ = false;
};

// The verdict becomes unknown, and says which limit is the reason.
inline void AnswerOutOfTime(Verdict* verdict) {
  verdict->holds = Holds::kUnknown;
  verdict->reason = "the time limit was reached (--time-limit)";
}
inline void AnswerOutOfMemory(Verdict* verdict) {
  verdict->holds = Holds::kUnknown;
  verdict->reason = "the memory limit was reached (--memory)";
}

}  // namespace replsim::judge
