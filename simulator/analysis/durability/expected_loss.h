// What the loss of the primary would cost at an instant drawn at random: acknowledged writes that
// no replica had received, averaged over the time inside the load in which a primary led and ran
// (leading_intervals.h). By Little's law it is the rate of acknowledgements times the mean time
// from a write's acknowledgement to its first replica. What a write is acknowledged by is its
// primary's gate, as in io.h.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/durability/exposure.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Empty where no such time is known, or no replica left a trace.
proto::RunReport::ExpectedLoss MeasureExpectedLoss(const Recording& recording,
                                                   const Lineages& lineages,
                                                   const ExposureCurves& curves);

}  // namespace replsim
