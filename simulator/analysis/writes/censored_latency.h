// Write latency that includes the writes with unknown outcome.
//
// All times start at the intended start. A committed write counts with its latency. An unknown
// write counts with the time until its deadline (workload.deadline after it was sent) or until the
// end of its last attempt if that is later: it took at least that long, as far as its client knew.
// Rejected writes and writes reported as lost have an answer and do not count.
//
// A quantile is exact if enough committed writes took at most that long. Otherwise it is a lower
// bound, because the true latency of unknown writes can only raise it.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/workload_facts.h"
#include "simulator/recording/recording.h"

namespace replsim {

proto::RunReport::CensoredLatency MeasureWithUnknown(const Recording& recording,
                                                     const WorkloadFacts& facts);

}  // namespace replsim
