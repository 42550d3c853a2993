// The faults of a run, grouped for people: one action on several links, or on both directions of a
// link, counts as one fault.
#pragma once

#include <string>
#include <vector>

#include "simulator/analysis/evidence/fault_intervals.h"

namespace replsim {

struct FaultGroup {
  std::vector<std::string> on;  // nodes or links: "p → r1" is one-way, "p ↔ r1" both ways
  FaultInterval first;          // the times of the others differ by less than 5 ms
};

// In order of the events that started them.
std::vector<FaultGroup> FindFaultGroups(const Recording& recording);

}  // namespace replsim
