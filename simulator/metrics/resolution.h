// How exact a metric is. Percentiles of curves over time (lag, exposure) and of ack delays are
// those of a histogram (common/stats/histogram.h); all else is exact, times to a microsecond.
#pragma once

#include "absl/strings/string_view.h"
#include "simulator/metrics/quantity.h"

namespace replsim {

struct Resolution {
  double relative = 0;     // at most so far off, in parts of the value
  double exact_below = 0;  // in the metric's unit
  double Of(double value) const { return value < exact_below ? 0 : value * relative; }
};

inline constexpr double kHistogramResolution = 1.0 / 256;
inline constexpr double kHistogramExactBelow = 256;  // ns, entries or bytes

// `metric`: without a replica.
Resolution ResolutionOf(absl::string_view metric, MetricUnit unit);

}  // namespace replsim
