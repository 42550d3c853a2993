// The critical path of one write, from its invocation to its answer: a chain of steps, each of
// which could begin only after the previous one ended. It is found backwards from the answer. The
// gate opened with the last condition that it needed: a replica's stage that the primary learned
// of, or a stage of the primary itself. That stage followed the stage before it, and so on back to
// the append.
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
  std::string what;  // completes "waiting for …": "r2's flush", "the link p → r2"

  int64_t length_ns() const { return to_ns - from_ns; }
};

// In order of time, without gaps. Where the traces do not show a step, one entry covers the time.
// Empty if the history does not contain the write.
std::vector<Wait> CriticalPathOf(const Recording& recording, const std::vector<Moment>& life);

// "83 ms: 79 ms waiting for r2's flush"; empty if `waits` is empty.
std::string LongestStep(const std::vector<Wait>& waits);

}  // namespace replsim
