// Expected number of acknowledged writes lost if the primary is lost at a random instant.
//
// It is the number of acknowledged writes that no replica has received, averaged over the time
// inside the load in which a primary led and ran (leading_intervals.h). By Little's law it equals
// the acknowledgement rate times the mean time from a write's acknowledgement to its receipt by the
// first replica. The commit position of the primary counts as acknowledged, as in io.h.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/durability/exposure.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Empty if no primary led inside the load, or if no replica left a trace.
proto::RunReport::ExpectedLoss MeasureExpectedLoss(const Recording& recording,
                                                   const LeadershipHistory& leadership_history,
                                                   const ExposureCurves& curves);

}  // namespace replsim
