// The intervals without a committed write that charts shade.
//
// A stop is the outage of a failover (outages.h), or any other gap between two committed writes
// that lasts at least kStopMinNs and kStopMedians times the median gap of the load. Examples of the
// latter: a gate that waits for a dead replica, a disk that hangs.
#pragma once

#include <cstdint>
#include <vector>

#include "simulator/analysis/availability/interruptions.h"
#include "simulator/analysis/availability/outages.h"
#include "simulator/recording/recording.h"

namespace replsim {

inline constexpr int64_t kStopMinNs = 200'000'000;
inline constexpr int64_t kStopMedians = 10;

// In order of time.
std::vector<Gap> FindWriteStops(const Recording& recording,
                                const std::vector<LeadershipChange>& changes);

}  // namespace replsim
