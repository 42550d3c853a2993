// How many operations ended in each slot of the time axis, how, and how long they took.
#pragma once

#include <cstdint>
#include <vector>

#include "protos/timeline.pb.h"
#include "simulator/analysis/timeline/slots.h"
#include "simulator/recording/recording.h"

namespace replsim {

// By the time of the answer; a stale read by the time it began, as `stale_ns` has it. Latencies run
// from when the operation should have started; not a number where nothing ended. Percentiles are
// those of the nearest rank.
proto::Timeline::Rates RatesOf(const Recording& recording, const Slots& slots,
                               const std::vector<int64_t>& stale_ns);

}  // namespace replsim
