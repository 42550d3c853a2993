// A histogram as the report states it.
#pragma once

#include "common/stats/histogram.h"
#include "protos/report.pb.h"

namespace replsim {

inline constexpr int64_t kNanosPerMicro = 1000;

// Minimum, quantiles and maximum, divided by `unit` and rounded; nothing set for an empty
// histogram. `count` is for samples of weight 1.
proto::RunReport::Distribution ToDistribution(const Histogram& histogram, int64_t unit, bool count);

}  // namespace replsim
