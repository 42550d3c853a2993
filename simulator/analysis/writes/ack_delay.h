// The delay from the primary's append of an entry until the primary learned that a replica's stage
// had reached it, by the primary's clock alone.
//
// If the gate waits for that stage, this is the delay that the gate costs. Otherwise (every stage
// in async mode) it includes the time until the replica's next report, every 10 ms
// (ReplicaOptions::report_interval); a stricter gate would then cost less than the value suggests.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "common/stats/histogram.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/evidence/stages.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Delays in ns by replica (index into Recording::nodes) and stage; one sample per entry. Two kinds
// of entries have no sample: entries that the primary inherited, because it never appended them,
// and entries that the replica had before the primary appended them (order: replicas-first). A
// histogram without samples is empty, which is not a delay of 0.
using AckDelays = std::vector<std::array<Histogram, kNodeStages>>;
AckDelays MeasureAckDelays(const Recording& recording, const LeadershipHistory& leadership_history);

}  // namespace replsim
