// Measured values as the report states them.
#pragma once

#include "common/stats/histogram.h"
#include "common/stats/samples.h"
#include "protos/report.pb.h"

namespace replsim {

inline constexpr int64_t kNanosPerMicro = 1000;

// Minimum, quantiles and maximum, divided by `unit` and rounded, and the mean, divided and not
// rounded; nothing set for an empty histogram. `count` is for samples of weight 1.
proto::RunReport::Distribution ToDistribution(const Histogram& histogram, int64_t unit, bool count);
// The same, exact, with a count.
proto::RunReport::Distribution ToDistribution(Samples& samples, int64_t unit);

}  // namespace replsim
