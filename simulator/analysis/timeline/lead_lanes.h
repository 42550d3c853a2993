// Who led when, and who suspected, stood and voted: the lanes that a page draws for elections.
#pragma once

#include "protos/timeline.pb.h"
#include "simulator/analysis/availability/outage_table.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/recording/recording.h"

namespace replsim {

// One lane per node. The drawing covers the elections that began inside the load: from the first
// record of an election to the last, with a margin on both sides. Bars are tenures (tenures.h), so
// they overlap while two nodes answered as the primary. Without lanes if no node recorded anything
// about an election inside the load.
proto::LeadLanes BuildLeadLanes(const Recording& recording,
                                const LeadershipHistory& leadership_history,
                                const OutageTable& outages);

}  // namespace replsim
