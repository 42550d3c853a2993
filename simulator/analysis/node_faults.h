// The faults that a node suffered, from the run's events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/recording/recording.h"

namespace replsim {

// It was down, paused, cut off from somebody, or slowed in applying.
struct NodeFault {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;  // when the last of the faults that overlap ended
};

// The faults of `node` that ended, in order of time; overlapping ones are one, but a change of the
// speed of applying ends one and begins the next. They end with
// RESTARTED, RESUMED, LINK_HEALED, APPLY_SLOWED whose detail is "ended", or HEAL_BEGIN (the last
// for links and slowed applying only: processes come back one by one).
std::vector<NodeFault> FindFaults(const Recording& recording, const std::string& node);

// Since when the node had been down, paused or cut off at `at_ns`; nothing if it was not.
std::optional<int64_t> AwaySince(const Recording& recording, const std::string& node,
                                 int64_t at_ns);

}  // namespace replsim
