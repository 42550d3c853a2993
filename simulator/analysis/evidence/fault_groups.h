// The faults of a run as people count them: one action on several links, or on both directions of
// one, is one fault.
#pragma once

#include <string>
#include <vector>

#include "simulator/analysis/evidence/fault_intervals.h"

namespace replsim {

struct FaultGroup {
  std::vector<std::string> on;  // nodes or links; p → r1 is one-way, p ↔ r1 both ways
  FaultInterval first;          // the others have its times within 5 ms
};

// In order of the events that began them.
std::vector<FaultGroup> FindFaultGroups(const Recording& recording);

}  // namespace replsim
