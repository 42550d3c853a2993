// What one write waited for, from its invocation to its answer: a chain of steps, each of which
// could begin only when the one before it had ended. It is found backwards from the answer: the
// gate opened with the last thing it needed, a replica's stage that the primary learned of or a
// stage of the primary's own; that stage followed the one before it, and so on to the append. (What
// project planning calls the critical path.)
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/analysis/writes/write_life.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct Wait {
  int64_t from_ns = 0;
  int64_t to_ns = 0;
  std::string what;  // after "waiting for": r2's flush, the link p → r2

  int64_t length_ns() const { return to_ns - from_ns; }
};

// In order of time, without gaps, as far as the traces tell. Empty where the history does not know
// the write.
std::vector<Wait> WaitsOf(const Recording& recording, const std::vector<Moment>& life);

// "83 ms: 79 ms waiting for r2's flush"; empty where there is none.
std::string LongestWait(const std::vector<Wait>& waits);

}  // namespace replsim
