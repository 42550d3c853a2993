// How long a replica took, after each fault that it suffered, to be where it had been before.
//
// The level of a fault is the median lag in entries since the node's faults last changed (one began
// or ended) before this one began, or since the load began. The node has caught up at the first
// instant from the end of the fault on at which its lag in entries is not above that level.
//
// Measured for each fault by itself. A slowing that lasts does not keep an outage from being
// measured: catching up with a slow applier is what takes long. A fault is not measured
//   if the node led when it ended, or leads before it has caught up;
//   if an outage is in force when a slowing ends, or another fault begins before the node has
//   caught up (a new speed in place of the one that ended is no other fault). Then that fault takes
//   over the level, where it is lower than its own.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/analysis/evidence/node_faults.h"
#include "simulator/analysis/lag/lag.h"

namespace replsim {

struct CatchUp {
  std::optional<int64_t> longest_ns;
  uint64_t never = 0;  // faults after which it did not before the run ended
};

// `apply` is the lag of stage apply while the node was up; `faults` are in order of beginning.
CatchUp MeasureCatchUp(const LagCurve& apply, const std::vector<NodeFault>& faults,
                       int64_t load_begin_ns, int64_t run_end_ns);

}  // namespace replsim
