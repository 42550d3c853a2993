// Checks safety, then liveness: after the drawn faults a sufficient core of the nodes is healed,
// all other nodes stay dead, and the core must acknowledge writes again. A run that heals every
// node would not detect a cluster that needs a node which its mode should not need. Pure.
#pragma once

#include "common/base/rng.h"
#include "protos/scenario.pb.h"

namespace replsim {

// Extends the load and makes its loop a closed one, ends the drawn faults before the healing, and
// appends faults: kill all nodes, restart a random core, promote its best replica, kill and restart
// the core again. Adds the expectation that writes continue. `scenario` is resolved.
//
// Returns the number of appended faults. Returns 0 and leaves the scenario unchanged if progress
// cannot be expected: there is no replica to promote, there are no writes, values are too large or
// links too slow to catch up in time, or a bit flip may make a node refuse to lead.
int EndWithCore(Rng rng, proto::Scenario* scenario);

}  // namespace replsim
