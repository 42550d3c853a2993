// Safety, then liveness: after the drawn faults a sufficient core of the nodes is healed, the other
// nodes are killed for good, and the core must acknowledge writes again. Healing everything, as the
// end of each run does, would hide a cluster that needs a node which its mode does not.
#pragma once

#include "common/base/rng.h"
#include "protos/scenario.pb.h"

namespace replsim {

// Makes the load longer, ends the drawn faults before the healing, appends the faults that kill all
// nodes, heal a random core, restart it, promote its best replica and restart it again, and adds
// the expectation that writes go on. Returns how many faults it appended; 0, and the scenario is as
// it was, where nothing can be asked: no node to promote, no writes, values or links too slow to
// catch up in time, or a turned bit, after which a node may refuse to lead. `scenario` is resolved.
int EndWithCore(Rng rng, proto::Scenario* scenario);

}  // namespace replsim
