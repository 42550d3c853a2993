// Draws overlapping faults that no operator would choose: two at the same instant on one node, a
// restart during a start, overlapping promotions, all nodes at once, repeated faults, bit flips,
// lossy links. They run on clusters of other sizes and settings than the scenario's. A mode
// promises little under such faults, but no run may crash, hang or violate an invariant. Pure.
#pragma once

#include <string>
#include <vector>

#include "common/base/rng.h"
#include "protos/scenario.pb.h"

namespace replsim {

// Draws the number of replicas, the flush policy, the size of values and more, before the faults
// are drawn. Appends one line per setting to `numbers`.
void DrawCluster(Rng rng, proto::Scenario* scenario, std::vector<std::string>* numbers);

// Adds one to five such stories to the existing faults. `scenario` is resolved before and after.
void AddStorm(Rng rng, proto::Scenario* scenario);

}  // namespace replsim
