// Latency of committed operations, counted from their intended start, so that an open loop that has
// to wait for a slow system still shows its slowness.
#pragma once

#include "protos/report.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

proto::RunReport::Latencies MeasureLatency(const Recording& recording);

}  // namespace replsim
