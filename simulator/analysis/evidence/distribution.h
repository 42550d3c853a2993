// Converts measured values to the report's Distribution message.
#pragma once

#include "common/stats/histogram.h"
#include "common/stats/samples.h"
#include "protos/report.pb.h"

namespace replsim {

inline constexpr int64_t kNanosPerMicro = 1000;

// Minimum, quantiles and maximum are divided by `unit` and rounded; the mean is divided but not
// rounded. An empty histogram sets nothing. `count` also sets the number of samples, which is
// meaningful only if each sample has weight 1.
proto::RunReport::Distribution ToDistribution(const Histogram& histogram, int64_t unit, bool count);
// The same from exact samples; always sets the number of samples.
proto::RunReport::Distribution ToDistribution(Samples& samples, int64_t unit);

}  // namespace replsim
