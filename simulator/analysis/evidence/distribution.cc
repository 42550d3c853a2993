#include "simulator/analysis/evidence/distribution.h"

#include <vector>

#include "simulator/metrics/resolution.h"

namespace replsim {
namespace {

// Expectations use these constants as the tolerance of percentiles (metrics/resolution.h).
static_assert(Histogram::kResolution == kHistogramResolution);
static_assert(Histogram::kExactBelow == kHistogramExactBelow);

constexpr double kShares[] = {0.50, 0.90, 0.99, 0.999};

std::vector<int64_t> QuantilesOf(const Histogram& values) { return values.Quantiles(kShares); }

std::vector<int64_t> QuantilesOf(Samples& values) {
  std::vector<int64_t> quantiles;
  for (const double share : kShares) quantiles.push_back(*values.Quantile(share));
  return quantiles;
}

// `Values` is a Histogram or Samples; it must not be empty.
template <typename Values>
proto::RunReport::Distribution Describe(Values& values, int64_t unit) {
  proto::RunReport::Distribution distribution;
  const auto in_unit = [unit](int64_t value) { return (value + unit / 2) / unit; };
  const std::vector<int64_t> quantiles = QuantilesOf(values);
  distribution.set_min(in_unit(*values.min()));
  distribution.set_p50(in_unit(quantiles[0]));
  distribution.set_p90(in_unit(quantiles[1]));
  distribution.set_p99(in_unit(quantiles[2]));
  distribution.set_p999(in_unit(quantiles[3]));
  distribution.set_max(in_unit(*values.max()));
  distribution.set_mean(*values.mean() / static_cast<double>(unit));
  return distribution;
}

}  // namespace

proto::RunReport::Distribution ToDistribution(const Histogram& histogram, int64_t unit,
                                              bool count) {
  proto::RunReport::Distribution distribution;
  if (!histogram.empty()) distribution = Describe(histogram, unit);
  if (count) distribution.set_count(histogram.weight());
  return distribution;
}

proto::RunReport::Distribution ToDistribution(Samples& samples, int64_t unit) {
  proto::RunReport::Distribution distribution;
  if (!samples.empty()) distribution = Describe(samples, unit);
  distribution.set_count(samples.count());
  return distribution;
}

}  // namespace replsim
