// Walks the stages of every node once. Each step function and lag curve is built once, passed to
// all measures that need it (lag, exposure, lag metrics, page), and dropped, because the curves of
// a long run are larger than its traces.
#pragma once

#include "simulator/analysis/availability/outage_table.h"
#include "simulator/analysis/durability/exposure.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/run_report.h"
#include "simulator/analysis/timeline/timeline.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Adds the lag of every node that followed a leader to `analysis` and `timeline`. Returns what each
// replica received, for the exposure curves.
ReceivedByReplicas WalkStages(const Recording& recording,
                              const LeadershipHistory& leadership_history,
                              const OutageTable& outages, TimelineBuilder& timeline,
                              RunAnalysis& analysis);

}  // namespace replsim
