// How long writes stopped, how long nodes were down, and how far back losses reach. outages.h
// defines failovers and RTO, losses.h the RPO, fault_intervals.h when a node is down.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/availability/outage_table.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/analysis/writes/fates.h"
#include "simulator/recording/recording.h"

namespace replsim {

// The report has the longest RTO and the longest RPO of a run. Down times are of the load.
proto::RunReport::Availability MeasureAvailability(const Recording& recording,
                                                   const Lineages& lineages, const Fates& fates,
                                                   const OutageTable& outages);

}  // namespace replsim
