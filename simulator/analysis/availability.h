// How long writes stopped and what was lost by it.
//
// A failover is a leadership that began after the leading primary was lost: killed, exited, paused
// or cut off, and not back before. RTO runs from that fault to the first committed write of a newer
// epoch; the report has the longest. A promotion away from a healthy primary has none.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/fates.h"
#include "simulator/analysis/lineage.h"
#include "simulator/recording/recording.h"

namespace replsim {

proto::RunReport::Availability MeasureAvailability(const Recording& recording,
                                                   const Lineages& lineages, const Fates& fates);

}  // namespace replsim
