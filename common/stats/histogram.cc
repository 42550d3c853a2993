#include "common/stats/histogram.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace replsim {
namespace {

constexpr int kSubBits = 5;
constexpr size_t kSubBuckets = 1 << kSubBits;
constexpr size_t kExact = 2 * kSubBuckets;
constexpr int kFirstExponent = kSubBits + 1;  // values from 2^6 on share buckets
constexpr size_t kBuckets = kExact + (63 - kFirstExponent) * kSubBuckets;

}  // namespace

Histogram::Histogram() : buckets_(kBuckets) {}

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
  value = std::max<int64_t>(value, 0);
  min_ = empty() ? value : std::min(min_, value);
  max_ = empty() ? value : std::max(max_, value);
  buckets_[BucketOf(value)] += weight;
  weight_ += weight;
}

void Histogram::AddRamp(int64_t from, int64_t length) {
  if (length <= 0) return;
  from = std::max<int64_t>(from, 0);
  const int64_t end = from + length;
  for (int64_t at = from; at < end;) {
    const size_t bucket = BucketOf(at);
    const int64_t next = std::min(end, FirstOf(bucket + 1));
    buckets_[bucket] += static_cast<uint64_t>(next - at);
    at = next;
  }
  min_ = empty() ? from : std::min(min_, from);
  max_ = empty() ? end - 1 : std::max(max_, end - 1);
  weight_ += static_cast<uint64_t>(length);
}

void Histogram::Merge(const Histogram& other) {
  if (other.empty()) return;
  min_ = empty() ? other.min_ : std::min(min_, other.min_);
  max_ = empty() ? other.max_ : std::max(max_, other.max_);
  for (size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  weight_ += other.weight_;
}

std::optional<int64_t> Histogram::Quantile(double share) const {
  if (empty()) return std::nullopt;
  const double wanted = std::clamp(share, 0.0, 1.0) * static_cast<double>(weight_);
  uint64_t seen = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (buckets_[i] == 0 || static_cast<double>(seen) < wanted) continue;
    const int64_t first = FirstOf(i);
    const int64_t middle = first + (FirstOf(i + 1) - first) / 2;
    return std::clamp(middle, min_, max_);
  }
  return max_;
}

std::optional<int64_t> Histogram::min() const {
  return empty() ? std::nullopt : std::optional<int64_t>(min_);
}

std::optional<int64_t> Histogram::max() const {
  return empty() ? std::nullopt : std::optional<int64_t>(max_);
}

}  // namespace replsim
