// How long a replica took to catch up after each of its faults.
//
// The baseline of a fault is the median lag in entries over the time before it: since the node's
// faults last changed (one began or ended), or since the load began. The node has caught up at the
// first instant after the end of the fault at which its lag in entries is at or below the baseline.
//
// Each fault is measured separately. A slowing that is still in force does not prevent measuring an
// outage, because catching up with a slow applier is the interesting case.
//
// A fault is not measured in these cases:
//   - the node was leading when the fault ended, or leads before it has caught up
//   - an outage is in force when a slowing ends
//   - another fault begins before the node has caught up. A new speed that replaces the one that
//     ended does not count as another fault
// In the last two cases the other fault inherits the baseline if it is lower than its own.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/analysis/evidence/node_faults.h"
#include "simulator/analysis/lag/lag.h"

namespace replsim {

struct CatchUp {
  std::optional<int64_t> longest_ns;
  uint64_t never = 0;  // faults after which the run ended before the node had caught up
};

// `apply` is the lag curve of the apply stage while the node was up. `faults` are in order of
// begin_ns.
CatchUp MeasureCatchUp(const LagCurve& apply, const std::vector<NodeFault>& faults,
                       int64_t load_begin_ns, int64_t run_end_ns);

}  // namespace replsim
