#include "common/stats/samples.h"

#include <algorithm>
#include <cmath>

namespace replsim {

void Samples::Add(int64_t value) {
  value = std::max<int64_t>(value, 0);
  values_.push_back(value);
  sum_ += static_cast<uint64_t>(value);
  in_place_ = 0;
}

std::optional<int64_t> Samples::Quantile(double share) {
  if (empty()) return std::nullopt;
  const double rank = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(values_.size()));
  const size_t index = rank < 1 ? 0 : static_cast<size_t>(rank) - 1;
  const size_t from = index < in_place_ ? 0 : in_place_;
  const auto at = [this](size_t i) { return values_.begin() + static_cast<std::ptrdiff_t>(i); };
  std::nth_element(at(from), at(index), values_.end());
  in_place_ = index;
  return values_[index];
}

std::optional<int64_t> Samples::min() const {
  if (empty()) return std::nullopt;
  return *std::min_element(values_.begin(), values_.end());
}

std::optional<int64_t> Samples::max() const {
  if (empty()) return std::nullopt;
  return *std::max_element(values_.begin(), values_.end());
}

std::optional<double> Samples::mean() const {
  if (empty()) return std::nullopt;
  return static_cast<double>(sum_) / static_cast<double>(values_.size());
}

}  // namespace replsim
