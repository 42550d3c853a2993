#include "simulator/analysis/distribution.h"

namespace replsim {

proto::RunReport::Distribution ToDistribution(const Histogram& histogram, int64_t unit,
                                              bool count) {
  proto::RunReport::Distribution distribution;
  if (histogram.empty()) {
    if (count) distribution.set_count(0);
    return distribution;
  }
  const auto at = [&](double share) { return (*histogram.Quantile(share) + unit / 2) / unit; };
  distribution.set_min((*histogram.min() + unit / 2) / unit);
  distribution.set_p50(at(0.50));
  distribution.set_p90(at(0.90));
  distribution.set_p99(at(0.99));
  distribution.set_p999(at(0.999));
  distribution.set_max((*histogram.max() + unit / 2) / unit);
  if (count) distribution.set_count(histogram.weight());
  return distribution;
}

}  // namespace replsim
