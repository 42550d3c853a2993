// Which promotion by a fault led to which leadership.
//
// A PROMOTE_BEGIN event belongs to a leadership if it names its node, or none, and
//   - it is no later than the beginning of the leadership, or than the candidacy (kStands) if the
//     node was elected: with elections a promote fault makes the node stand at once
//   - the node did not start between the event and the leadership: it would lead because it was
//     started as primary
//   - the node was not elected for another leadership that began in between
//   - if the node was elected: between the event and the candidacy it neither suspected the primary
//     nor stood nor led, which would be the reason for the candidacy
// A leadership takes the last event that belongs to it. Each event is used once, by the lowest
// epoch.
#pragma once

#include <vector>

#include "simulator/analysis/evidence/election_records.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Whether the node of the leadership was elected for its epoch (kElected).
bool IsElected(const ElectionRecords& elections, const Leadership& leadership);

// The PROMOTE_BEGIN of each leadership; null: not promoted by a fault. Points into `recording`.
std::vector<const proto::RunEvent*> FindPromotions(const Recording& recording,
                                                   const std::vector<Leadership>& leaderships,
                                                   const ElectionRecords& elections);

}  // namespace replsim
