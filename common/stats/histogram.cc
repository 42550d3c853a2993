#include "common/stats/histogram.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace replsim {
namespace {

constexpr int kSubBits = 7;
constexpr size_t kSubBuckets = 1 << kSubBits;
constexpr size_t kExact = Histogram::kExactBelow;
constexpr int kFirstExponent = kSubBits + 1;  // values from 2^8 on share buckets
constexpr size_t kBuckets = kExact + (63 - kFirstExponent) * kSubBuckets;
static_assert(kExact == 2 * kSubBuckets);
static_assert(Histogram::kResolution == 0.5 / kSubBuckets);

absl::uint128 TwiceProduct(int64_t value, uint64_t weight) {
  return absl::uint128(static_cast<uint64_t>(value)) * weight * 2;
}

}  // namespace

void Histogram::Allocate() {
  if (!buckets_.empty()) return;
  buckets_.resize(kBuckets);
  ramps_.resize(kBuckets);
}

size_t Histogram::BucketOf(int64_t value) {
  const auto v = static_cast<uint64_t>(value);
  if (v < kExact) return v;
  const int exponent = 63 - std::countl_zero(v);
  const size_t sub = (v >> (exponent - kSubBits)) - kSubBuckets;
  return kExact + static_cast<size_t>(exponent - kFirstExponent) * kSubBuckets + sub;
}

int64_t Histogram::FirstOf(size_t bucket) {
  if (bucket < kExact) return static_cast<int64_t>(bucket);
  if (bucket >= kBuckets) return std::numeric_limits<int64_t>::max();
  const size_t exponent = (bucket - kExact) / kSubBuckets + kFirstExponent;
  const size_t sub = (bucket - kExact) % kSubBuckets + kSubBuckets;
  return static_cast<int64_t>(static_cast<uint64_t>(sub) << (exponent - kSubBits));
}

void Histogram::Add(int64_t value, uint64_t weight) {
  if (weight == 0) return;
  Allocate();
  value = std::max<int64_t>(value, 0);
  min_ = empty() ? value : std::min(min_, value);
  max_ = empty() ? value : std::max(max_, value);
  buckets_[BucketOf(value)] += weight;
  weight_ += weight;
  twice_sum_ += TwiceProduct(value, weight);
}

void Histogram::AddRamp(int64_t from, int64_t length) {
  if (length <= 0) return;
  Allocate();
  from = std::max<int64_t>(from, 0);
  const int64_t end = from + length;
  const size_t first = BucketOf(from);
  const size_t last = BucketOf(end - 1);
  if (first == last) {
    buckets_[first] += static_cast<uint64_t>(length);
  } else {
    buckets_[first] += static_cast<uint64_t>(FirstOf(first + 1) - from);
    buckets_[last] += static_cast<uint64_t>(end - FirstOf(last));
    ++ramps_[first + 1];
    --ramps_[last];
  }
  min_ = empty() ? from : std::min(min_, from);
  max_ = empty() ? end - 1 : std::max(max_, end - 1);
  const auto weight = static_cast<uint64_t>(length);
  weight_ += weight;
  twice_sum_ += TwiceProduct(from, weight) + absl::uint128(weight) * weight;
}

void Histogram::Merge(const Histogram& other) {
  if (other.empty()) return;
  Allocate();
  min_ = empty() ? other.min_ : std::min(min_, other.min_);
  max_ = empty() ? other.max_ : std::max(max_, other.max_);
  for (size_t i = 0; i < buckets_.size(); ++i) {
    buckets_[i] += other.buckets_[i];
    ramps_[i] += other.ramps_[i];
  }
  weight_ += other.weight_;
  twice_sum_ += other.twice_sum_;
}

std::optional<int64_t> Histogram::Quantile(double share) const {
  if (empty()) return std::nullopt;
  return Quantiles({share}).front();
}

std::vector<int64_t> Histogram::Quantiles(absl::Span<const double> shares) const {
  std::vector<int64_t> quantiles;
  if (empty()) return quantiles;
  const auto wanted = [&] {
    return std::clamp(shares[quantiles.size()], 0.0, 1.0) * static_cast<double>(weight_);
  };
  uint64_t seen = 0;
  uint64_t ramps = 0;
  const size_t last = BucketOf(max_);
  for (size_t i = BucketOf(min_); i <= last && quantiles.size() < shares.size(); ++i) {
    ramps += ramps_[i];
    const int64_t first = FirstOf(i);
    const int64_t width = FirstOf(i + 1) - first;
    const uint64_t here = buckets_[i] + ramps * static_cast<uint64_t>(width);
    if (here == 0) continue;
    seen += here;
    while (quantiles.size() < shares.size() && static_cast<double>(seen) >= wanted()) {
      quantiles.push_back(std::clamp(first + width / 2, min_, max_));
    }
  }
  quantiles.resize(shares.size(), max_);
  return quantiles;
}

std::optional<int64_t> Histogram::min() const {
  return empty() ? std::nullopt : std::optional<int64_t>(min_);
}

std::optional<int64_t> Histogram::max() const {
  return empty() ? std::nullopt : std::optional<int64_t>(max_);
}

std::optional<double> Histogram::mean() const {
  if (empty()) return std::nullopt;
  return static_cast<double>(twice_sum_) / 2 / static_cast<double>(weight_);
}

}  // namespace replsim
