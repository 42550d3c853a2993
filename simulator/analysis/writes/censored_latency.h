// Write latency that does not leave out the writes whose outcome their client never learned.
//
// A committed write counts with its latency, from when it was due. An unknown one counts with the
// time from when it was due to its deadline (workload.deadline after it was sent, or the end of its
// last attempt where that is later): so long at least it was not done, as far as its client knew.
// Rejected writes, and tickets answered lost, have an answer and do not count.
//
// A quantile is exact if enough committed writes took no longer than it says; else it is a lower
// bound, for what the unknown writes would have taken can only raise it.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/workload_facts.h"
#include "simulator/recording/recording.h"

namespace replsim {

proto::RunReport::CensoredLatency MeasureWithUnknown(const Recording& recording,
                                                     const WorkloadFacts& facts);

}  // namespace replsim
