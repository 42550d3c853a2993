// How long committed operations took, from when they should have started: an open loop that waits
// for a slow system does not hide its slowness.
#pragma once

#include "protos/report.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

proto::RunReport::Latencies MeasureLatency(const Recording& recording);

}  // namespace replsim
