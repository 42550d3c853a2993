// A log-linear histogram of non-negative int64 values: 256 exact buckets, then 128 buckets to each
// power of two. A quantile is the middle of its bucket, so it is off by at most kResolution of its
// value; minimum, maximum, mean and weight are exact. Values carry weights, so a quantile over time
// is one with nanoseconds as weights. Memory is fixed from the first value on (117 KB); merging is
// adding. Not thread-safe.
// Samples (samples.h) is exact, and costs memory for each value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/types/span.h"

namespace replsim {

class Histogram {
 public:
  // Values below this are exact; a quantile above is off by at most kResolution of itself.
  static constexpr int64_t kExactBelow = 256;
  static constexpr double kResolution = 1.0 / 256;

  // A negative value counts as 0: differences of two clock readings may round below it.
  void Add(int64_t value, uint64_t weight = 1);
  // Adds each value in [from, from + length) once, in constant time. For the mean, the value counts
  // as growing continuously. An example is the age of an entry that has not arrived yet.
  void AddRamp(int64_t from, int64_t length);
  void Merge(const Histogram& other);

  uint64_t weight() const { return weight_; }
  bool empty() const { return weight_ == 0; }
  // The smallest value that is ≥ `share` of the whole weight; absent for an empty histogram.
  std::optional<int64_t> Quantile(double share) const;
  // One for each share, which must not decrease, in one pass. Empty for an empty histogram.
  std::vector<int64_t> Quantiles(absl::Span<const double> shares) const;
  std::optional<int64_t> min() const;
  std::optional<int64_t> max() const;
  std::optional<double> mean() const;  // weighted

 private:
  static size_t BucketOf(int64_t value);
  static int64_t FirstOf(size_t bucket);  // smallest value in it; valid for one past the last, too

  void Allocate();

  // Both are empty as long as there is no value.
  std::vector<uint64_t> buckets_;  // weights, without those of ramps that cover a whole bucket
  // For each bucket: the number of ramps that cover it completely, minus that number for the bucket
  // before it; two's complement.
  std::vector<uint64_t> ramps_;
  uint64_t weight_ = 0;
  absl::uint128 twice_sum_ = 0;  // of value × weight
  int64_t min_ = 0;
  int64_t max_ = 0;
};

}  // namespace replsim
