// Measured values, kept one by one. Quantiles, mean and extremes are exact, at 8 bytes per value. A
// quantile is the value at rank ceil(share × count) (nearest rank). Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace replsim {

class Samples {
 public:
  // A negative value counts as 0: differences of two clock readings may round below it.
  void Add(int64_t value);

  size_t count() const { return values_.size(); }
  bool empty() const { return values_.empty(); }
  // The smallest value that is ≥ `share` of all values; absent if there are none. Reorders the
  // values. Calls with ascending shares are fastest: a call does not examine values below the rank
  // of the call before it.
  std::optional<int64_t> Quantile(double share);
  std::optional<int64_t> min() const;
  std::optional<int64_t> max() const;
  std::optional<double> mean() const;

 private:
  std::vector<int64_t> values_;
  size_t in_place_ = 0;  // the value at this index has its rank; smaller ones lie before it
  uint64_t sum_ = 0;
};

}  // namespace replsim
