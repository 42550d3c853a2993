// A log-linear histogram of non-negative int64 values: 64 exact buckets, then 32 buckets to each
// power of two. A quantile is off by at most half a bucket, 1.6 % of the value; minimum, maximum
// and count are exact. Values carry weights, so a quantile over time is one with nanoseconds as
// weights. Memory is fixed (15 KB); merging is adding. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace replsim {

class Histogram {
 public:
  Histogram();

  // A negative value counts as 0: differences of two clock readings may round below it.
  void Add(int64_t value, uint64_t weight = 1);
  // A value that grows by 1 per unit of weight, from `from` for `length` units: each value in
  // [from, from + length) once. The age of an entry that is not there yet is of this kind.
  void AddRamp(int64_t from, int64_t length);
  void Merge(const Histogram& other);

  uint64_t weight() const { return weight_; }
  bool empty() const { return weight_ == 0; }
  // The smallest value that is ≥ `share` of the whole weight; nothing for an empty histogram.
  std::optional<int64_t> Quantile(double share) const;
  std::optional<int64_t> min() const;
  std::optional<int64_t> max() const;

 private:
  static size_t BucketOf(int64_t value);
  static int64_t FirstOf(size_t bucket);  // smallest value in it; also of the one past the last

  std::vector<uint64_t> buckets_;
  uint64_t weight_ = 0;
  int64_t min_ = 0;
  int64_t max_ = 0;
};

}  // namespace replsim
