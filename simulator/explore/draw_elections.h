// Draws how the nodes of a scenario elect their primary, and how fast their clocks run. The times
// stay within bounds in which an election succeeds. Nothing is drawn that weakens the promise of
// the mode, nor for a scenario without elections. Pure.
#pragma once

#include <string>
#include <vector>

#include "common/base/rng.h"
#include "common/base/time.h"
#include "protos/scenario.pb.h"

namespace replsim {

// Draws suspect_after, stand_delay, pre_vote, lose_lead, never_leads, disk_stall_after and
// find_primary. Appends one line per drawn setting to `numbers`. `scenario` is resolved before and
// after.
void DrawElections(Rng rng, proto::Scenario* scenario, std::vector<std::string>* numbers);

// In some of the runs the monotonic clocks of one or two nodes run up to 5 % too fast or too slow.
void DrawClocks(Rng rng, proto::Scenario* scenario, std::vector<std::string>* numbers);

// A time that the draws of `delay` rarely exceed.
Nanos LongDraw(const proto::Delay& delay);
// The same for a round trip between any two nodes.
Nanos LongestRoundTrip(const proto::Scenario& scenario);

}  // namespace replsim
