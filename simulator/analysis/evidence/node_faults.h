// The faults of one node after which it has to catch up (fault_intervals.h has all faults).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/analysis/evidence/fault_intervals.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/recording/recording.h"

namespace replsim {

// An outage: the node was down, paused, or cut off (in either direction) from the node that led.
// Outages that overlap or touch are one, and end when the last of them does. A slowing: slow-apply
// or slow-node; each is one of its own, and so is a change of its value.
struct NodeFault {
  bool slowing = false;
  int64_t begin_ns = 0;
  std::optional<int64_t> end_ns;  // absent: in force when the recording ended
};

// In order of their beginnings.
std::vector<NodeFault> FindNodeFaults(const Recording& recording, const Lineages& lineages,
                                      const std::vector<FaultInterval>& faults, size_t node);

}  // namespace replsim
