// The time axis of a page: a run divided into equal bins, of which only minimum and maximum are
// kept. A peak of 1 µs stays visible however long the run is, but its shape within the bin is
// lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "protos/recording.pb.h"
#include "protos/timeline.pb.h"

namespace replsim {

struct TimeBins {
  int64_t begin_ns = 0;
  int64_t bin_ns = 1;
  size_t count = 0;

  int64_t BeginOf(size_t bin) const { return begin_ns + static_cast<int64_t>(bin) * bin_ns; }
  int64_t end_ns() const { return BeginOf(count); }
  // The bin of an instant in [begin_ns, end_ns()).
  size_t Of(int64_t time_ns) const { return static_cast<size_t>((time_ns - begin_ns) / bin_ns); }
  bool Contain(int64_t time_ns) const { return time_ns >= begin_ns && time_ns < end_ns(); }
};

// From the start of the load to the end of the run, in at most 1,000 bins of a whole number of
// milliseconds each.
TimeBins FineBins(const proto::Manifest& manifest);
// The same axis with ten fine bins per bin.
TimeBins CoarseBins(const TimeBins& fine);

// Collects the minimum and maximum per bin of a value that is constant or grows linearly over
// intervals.
class BandBuilder {
 public:
  explicit BandBuilder(const TimeBins& bins);

  // Adds the value over [from_ns, to_ns): `value` at from_ns, growing by `slope` per nanosecond.
  void Cover(int64_t from_ns, int64_t to_ns, double value, double slope = 0);
  // In multiples of `unit`: minima rounded down, maxima rounded up. NaN for a bin without a value.
  proto::Timeline::Band ToProto(double unit = 1) const;

 private:
  const TimeBins bins_;
  std::vector<double> low_;  // NaN: no value yet
  std::vector<double> high_;
};

}  // namespace replsim
