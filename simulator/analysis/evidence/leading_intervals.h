// The intervals in which a primary led and ran. A leadership lasts until its node dies (killed,
// exited, lost power, failed), until it learns of a higher epoch or steps down (kFenced,
// kStepsDown), or until a leadership of a newer epoch begins, whichever comes first. A paused or
// partitioned primary still counts as leading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct LeadingInterval {
  size_t leadership = 0;  // index into leadership_history.leaderships()
  int64_t begin_ns = 0;
  int64_t end_ns = 0;  // > begin_ns
};

// Clipped to the load, in order of time, without overlaps.
std::vector<LeadingInterval> LeadingIntervals(const Recording& recording,
                                              const LeadershipHistory& leadership_history);

}  // namespace replsim
