// How long a replica took, after each fault it suffered had ended, to be where it had been before.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/analysis/lag.h"
#include "simulator/analysis/node_faults.h"

namespace replsim {

struct CatchUp {
  std::optional<int64_t> longest_ns;
  uint64_t never = 0;  // faults after which it did not before the curve ended
};

// Caught up: the lag in entries is not above its median before the fault (since the load began or
// the fault before it), or nothing is missing. Faults in which the node led when they ended are
// left out.
CatchUp MeasureCatchUp(const LagCurve& apply, const std::vector<NodeFault>& faults,
                       int64_t load_begin_ns, int64_t run_end_ns);

}  // namespace replsim
