// How long after appending an entry the primary learned that a stage of a replica had it: the delay
// that waiting for this stage costs, on the primary's clock alone.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "common/stats/histogram.h"
#include "simulator/analysis/lineage.h"
#include "simulator/analysis/stages.h"
#include "simulator/recording/recording.h"

namespace replsim {

// By replica (index into the recording's nodes) and stage: nanoseconds, one sample per entry.
// Entries that the primary inherited when it began to lead are left out: it never appended them.
// Empty where nothing was learned, which is not 0.
using AckDelays = std::vector<std::array<Histogram, kNodeStages>>;
AckDelays MeasureAckDelays(const Recording& recording, const Lineages& lineages);

}  // namespace replsim
