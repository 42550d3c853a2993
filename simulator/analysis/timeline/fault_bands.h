// The faults of a run as shaded bands and marks of a chart (fault_intervals.h has the table).
#pragma once

#include "protos/timeline.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Adds to `faults` and `marks` of the timeline, in order of time.
void AddFaults(const Recording& recording, proto::Timeline& timeline);

}  // namespace replsim
