// Availability of one run: how long writes stopped, how long each node was down, and the RPO.
// outages.h defines failovers and the RTO, losses.h the RPO, fault_intervals.h when a node is down.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/availability/outage_table.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/writes/fates.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Reports the longest RTO and the longest RPO of the run. Down times are clipped to the load.
proto::RunReport::Availability MeasureAvailability(const Recording& recording,
                                                   const LeadershipHistory& leadership_history,
                                                   const Fates& fates, const OutageTable& outages);

}  // namespace replsim
