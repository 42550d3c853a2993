// How long after appending an entry the primary learned that a stage of a replica had it, on the
// primary's clock alone. Where a gate waits for this stage, it is the delay that the waiting costs.
// Elsewhere (in async at every stage) nobody waits for it, and it includes the time until the
// replica reports: every 10 ms (ReplicaOptions::report_interval), so choosing a stricter gate would
// cost less than it says.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "common/stats/histogram.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/analysis/evidence/stages.h"
#include "simulator/recording/recording.h"

namespace replsim {

// By replica (index into the recording's nodes) and stage: nanoseconds, one sample per entry.
// Entries that the primary inherited when it began to lead are left out: it never appended them.
// So are entries of which the primary knew no later than it appended them (order: replicas-first):
// there was no delay. Empty where nothing was learned, which is not 0.
using AckDelays = std::vector<std::array<Histogram, kNodeStages>>;
AckDelays MeasureAckDelays(const Recording& recording, const Lineages& lineages);

}  // namespace replsim
