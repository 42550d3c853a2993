// How exact a metric is. Percentiles of curves over time (lag, exposure) and of ack delays come
// from a histogram (common/stats/histogram.h). All other metrics are exact, with times to a
// microsecond.
#pragma once

#include "absl/strings/string_view.h"
#include "simulator/metrics/quantity.h"

namespace replsim {

struct Resolution {
  double relative = 0;     // largest relative error: 0.01 is 1 %
  double exact_below = 0;  // values below this are exact; in the metric's unit
  double Of(double value) const { return value < exact_below ? 0 : value * relative; }
};

inline constexpr double kHistogramResolution = 1.0 / 256;
inline constexpr double kHistogramExactBelow = 256;  // ns, entries or bytes

// `metric` is the name without a replica.
Resolution ResolutionOf(absl::string_view metric, MetricUnit unit);

}  // namespace replsim
