// Rates and latencies of operations per bin of the time axis, by outcome.
#pragma once

#include <cstdint>
#include <vector>

#include "protos/timeline.pb.h"
#include "simulator/analysis/timeline/time_bins.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Operations count in the bin of their answer, stale reads in the bin of their invocation
// (`stale_ns`). Latencies in µs start at the intended start; NaN for a bin without answers.
// Percentiles use the nearest rank.
proto::Timeline::Rates RatesOf(const Recording& recording, const TimeBins& bins,
                               const std::vector<int64_t>& stale_ns);

}  // namespace replsim
