// Schedules that no operator would choose: faults that cross. Two at one instant on one node, a
// restart while a node starts, promotions that overlap, all nodes at once, faults again and again,
// bits that turn, links that lose packets; on clusters of other sizes and settings than the
// scenario's. What a mode promises under them is little; that nothing crashes, hangs or breaks a
// rule is asked of every one.
#pragma once

#include <string>
#include <vector>

#include "common/base/rng.h"
#include "protos/scenario.pb.h"

namespace replsim {

// Before the faults are drawn: how many replicas there are, how logs are flushed, how large values
// are, and so on. A line for each number.
void DrawCluster(Rng rng, proto::Scenario* scenario, std::vector<std::string>* numbers);

// Adds one to five such stories to the faults that are there. Resolved before and after.
void AddStorm(Rng rng, proto::Scenario* scenario);

}  // namespace replsim
