// The faults of one node after which it has to catch up. fault_intervals.h lists all faults.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/analysis/evidence/fault_intervals.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/recording/recording.h"

namespace replsim {

// An outage: the node was down, paused, or partitioned in either direction from the current
// primary. Outages that overlap or touch are merged. A slowing is a slow-apply or slow-node fault;
// slowings are never merged, and a change of the value is a new one.
struct NodeFault {
  bool slowing = false;
  int64_t begin_ns = 0;
  std::optional<int64_t> end_ns;  // absent: still in force when the recording ended
};

// In order of begin_ns.
std::vector<NodeFault> FindNodeFaults(const Recording& recording,
                                      const LeadershipHistory& leadership_history,
                                      const std::vector<FaultInterval>& faults, size_t node);

}  // namespace replsim
