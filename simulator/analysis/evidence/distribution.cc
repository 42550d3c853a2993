#include "simulator/analysis/evidence/distribution.h"

#include "simulator/metrics/resolution.h"

namespace replsim {
namespace {

// Expectations use these constants as the tolerance of percentiles (metrics/resolution.h).
static_assert(Histogram::kResolution == kHistogramResolution);
static_assert(Histogram::kExactBelow == kHistogramExactBelow);

// `Values` is a Histogram or Samples; it must not be empty.
template <typename Values>
proto::RunReport::Distribution Describe(Values& values, int64_t unit) {
  proto::RunReport::Distribution distribution;
  const auto in_unit = [unit](int64_t value) { return (value + unit / 2) / unit; };
  distribution.set_min(in_unit(*values.min()));
  distribution.set_p50(in_unit(*values.Quantile(0.50)));
  distribution.set_p90(in_unit(*values.Quantile(0.90)));
  distribution.set_p99(in_unit(*values.Quantile(0.99)));
  distribution.set_p999(in_unit(*values.Quantile(0.999)));
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
