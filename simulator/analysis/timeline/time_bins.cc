#include "simulator/analysis/timeline/time_bins.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace replsim {
namespace {

constexpr int64_t kSlotsMax = 1000;
constexpr int64_t kMilli = 1'000'000;
constexpr size_t kFineInCoarse = 10;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

int64_t DivideUp(int64_t value, int64_t by) { return (value + by - 1) / by; }

}  // namespace

TimeBins FineBins(const proto::Manifest& manifest) {
  const int64_t length = manifest.end_ns() - manifest.load_begin_ns();
  TimeBins bins;
  bins.begin_ns = manifest.load_begin_ns();
  bins.bin_ns = DivideUp(DivideUp(std::max<int64_t>(length, 1), kSlotsMax), kMilli) * kMilli;
  bins.count = length <= 0 ? 0 : static_cast<size_t>(DivideUp(length, bins.bin_ns));
  return bins;
}

TimeBins CoarseBins(const TimeBins& fine) {
  return {fine.begin_ns, fine.bin_ns * static_cast<int64_t>(kFineInCoarse),
          (fine.count + kFineInCoarse - 1) / kFineInCoarse};
}

BandBuilder::BandBuilder(const TimeBins& bins)
    : bins_(bins), low_(bins.count, kUnknown), high_(bins.count, kUnknown) {}

void BandBuilder::Cover(int64_t from_ns, int64_t to_ns, double value, double slope) {
  const int64_t end = std::min(to_ns, bins_.end_ns());
  int64_t at = std::max(from_ns, bins_.begin_ns);
  while (at < end) {
    const size_t bin = bins_.Of(at);
    const int64_t until = std::min(end, bins_.BeginOf(bin + 1));
    const double first = value + slope * static_cast<double>(at - from_ns);
    const double last = value + slope * static_cast<double>(until - from_ns);
    // A comparison with NaN is false, so the first value replaces it.
    if (!(low_[bin] <= first)) low_[bin] = first;
    if (!(high_[bin] >= last)) high_[bin] = last;
    at = until;
  }
}

proto::Timeline::Band BandBuilder::ToProto(double unit) const {
  proto::Timeline::Band band;
  for (const double value : low_) band.add_low(std::floor(value / unit));
  for (const double value : high_) band.add_high(std::ceil(value / unit));
  return band;
}

}  // namespace replsim
