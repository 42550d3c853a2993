#include "simulator/workload/key_chooser.h"

#include <algorithm>
#include <cmath>

#include "common/base/check.h"

namespace replsim {
namespace {

// log1p(x)/x and expm1(x)/x, with their limits near 0, where the quotient would lose all digits.
// There the exponent is close to 1 and the integral below becomes the logarithm.
double Log1pOver(double x) {
  return std::abs(x) > 1e-8 ? std::log1p(x) / x : 1 - x * (0.5 - x / 3);
}
double Expm1Over(double x) {
  return std::abs(x) > 1e-8 ? std::expm1(x) / x : 1 + x * (0.5 + x / 6);
}

uint64_t HotCount(const proto::Keys& keys) {
  const double share = std::clamp(keys.hot_keys(), 0.0, 1.0);
  const auto hot = static_cast<uint64_t>(std::ceil(share * static_cast<double>(keys.count())));
  return std::clamp<uint64_t>(hot, 1, keys.count());
}

}  // namespace

ZipfSampler::ZipfSampler(uint64_t count, double exponent) : count_(count), exponent_(exponent) {
  REPL_CHECK(count > 0 && exponent > 0, "zipf over ", count, " keys, exponent ", exponent);
  integral_first_ = Integral(1.5) - 1;
  integral_last_ = Integral(static_cast<double>(count) + 0.5);
  squeeze_ = 2 - IntegralInverse(Integral(2.5) - Density(2));
}

double ZipfSampler::Density(double x) const { return std::exp(-exponent_ * std::log(x)); }

double ZipfSampler::Integral(double x) const {
  const double log_x = std::log(x);
  return Expm1Over((1 - exponent_) * log_x) * log_x;
}

double ZipfSampler::IntegralInverse(double y) const {
  // Rounding can move the product below −1, where the logarithm is undefined.
  const double t = std::max(-1.0, y * (1 - exponent_));
  return std::exp(Log1pOver(t) * y);
}

uint64_t ZipfSampler::Sample(Rng& rng) const {
  const double last = static_cast<double>(count_);
  for (;;) {
    const double u = integral_last_ + rng.Unit() * (integral_first_ - integral_last_);
    const double x = IntegralInverse(u);
    const double rank = std::clamp(std::floor(x + 0.5), 1.0, last);
    if (rank - x <= squeeze_ || u >= Integral(rank + 0.5) - Density(rank)) {
      return static_cast<uint64_t>(rank) - 1;
    }
  }
}

KeyChooser::KeyChooser(const proto::Keys& keys)
    : distribution_(keys.distribution()),
      count_(keys.count()),
      hot_operations_(keys.hot_operations()),
      hot_count_(HotCount(keys)),
      zipf_(keys.count(), keys.distribution() == proto::ZIPF ? keys.exponent() : 1) {}

uint64_t KeyChooser::Choose(Rng& rng) const {
  switch (distribution_) {
    case proto::ZIPF:
      return zipf_.Sample(rng);
    case proto::HOT_SPOT:
      if (hot_count_ == count_ || rng.Chance(hot_operations_)) return rng.Below(hot_count_);
      return hot_count_ + rng.Below(count_ - hot_count_);
    default:
      return rng.Below(count_);
  }
}

}  // namespace replsim
