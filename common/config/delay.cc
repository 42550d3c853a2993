#include "common/config/delay.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <utility>

namespace replsim {
namespace {

Nanos Limit(double ns) {
  return Nanos(
      std::llround(std::clamp(ns, 0.0, static_cast<double>(DelaySampler::kLongest.count()))));
}

const proto::Delay& ChoosePart(const proto::Delay& delay, Rng& rng) {
  double total = 0;
  for (const proto::Delay& part : delay.mixture()) total += part.share();
  double left = rng.Unit() * total;
  for (const proto::Delay& part : delay.mixture()) {
    left -= part.share();
    if (left < 0) return part;
  }
  return *delay.mixture().rbegin();  // rounding may leave a remainder
}

// Inverse transform sampling: the quantile at a uniform draw, interpolated linearly between the two
// nearest quantiles of the configuration.
Nanos DrawQuantile(const proto::Delay& delay, Rng& rng) {
  const double at = rng.Unit();
  const auto& quantiles = delay.quantiles();
  const auto above =
      std::upper_bound(quantiles.begin() + 1, quantiles.end() - 1, at,
                       [](double x, const proto::Delay::Quantile& q) { return x < q.at(); });
  const proto::Delay::Quantile& high = *above;
  const proto::Delay::Quantile& low = *std::prev(above);
  const double part = (at - low.at()) / (high.at() - low.at());
  const auto low_ns = static_cast<double>(low.is().ns());
  return Limit(low_ns + part * (static_cast<double>(high.is().ns()) - low_ns));
}

Nanos DrawFrom(const proto::Delay& delay, Rng& rng);

// A draw from the distribution alone, without the constant `plus`.
Nanos DrawDistribution(const proto::Delay& delay, Rng& rng) {
  if (delay.has_uniform()) {
    const int64_t min_ns = delay.uniform().min().ns();
    const auto values = static_cast<uint64_t>(delay.uniform().max().ns() - min_ns) + 1;
    return Nanos(min_ns + static_cast<int64_t>(rng.Below(values)));
  }
  if (delay.has_normal()) {
    const proto::Delay::Normal& normal = delay.normal();
    return Limit(rng.Normal(static_cast<double>(normal.mean().ns()),
                            static_cast<double>(normal.deviation().ns())));
  }
  if (delay.has_exponential()) {
    return Limit(rng.Exponential(static_cast<double>(delay.exponential().mean().ns())));
  }
  if (delay.has_pareto()) {
    // ln(X / min) of a Pareto variable X is exponential with mean 1 / shape.
    return Limit(static_cast<double>(delay.pareto().min().ns()) *
                 std::exp(rng.Exponential(1 / delay.pareto().shape())));
  }
  if (!delay.quantiles().empty()) return DrawQuantile(delay, rng);
  return delay.mixture().empty() ? Nanos(0) : DrawFrom(ChoosePart(delay, rng), rng);
}

Nanos DrawFrom(const proto::Delay& delay, Rng& rng) {
  return std::min(DrawDistribution(delay, rng) + Nanos(delay.plus().ns()), DelaySampler::kLongest);
}

}  // namespace

proto::Delay ConstantDelay(Nanos delay) {
  proto::Delay constant;
  constant.mutable_plus()->set_ns(delay.count());
  return constant;
}

DelaySampler::DelaySampler(proto::Delay delay) : delay_(std::move(delay)) {}

Nanos DelaySampler::Draw(Rng& rng) const { return DrawFrom(delay_, rng); }

bool DelaySampler::IsZero() const {
  return delay_.plus().ns() == 0 && !delay_.has_uniform() && !delay_.has_normal() &&
         !delay_.has_exponential() && !delay_.has_pareto() && delay_.mixture().empty() &&
         delay_.quantiles().empty();
}

}  // namespace replsim
