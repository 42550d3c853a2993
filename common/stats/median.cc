#include "common/stats/median.h"

#include <algorithm>
#include <cmath>

namespace replsim {

std::optional<double> Median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const double above = values[values.size() / 2];
  const double below = values[(values.size() - 1) / 2];
  return below == above ? below : below / 2 + above / 2;  // halved first: the sum may overflow
}

std::optional<Interval> MedianInterval(std::vector<double> values) {
  const size_t rank = IntervalRank(values.size());
  if (rank == 0) return std::nullopt;
  std::sort(values.begin(), values.end());
  return Interval{values[rank - 1], values[values.size() - rank]};
}

size_t IntervalRank(size_t n) {
  constexpr double kEachSide = 0.025;
  const auto of = static_cast<double>(n);
  double below = 0;  // P(K < k), K ~ Binomial(n, 1/2)
  for (size_t k = 0; k < n; ++k) {
    const auto i = static_cast<double>(k);
    below += std::exp(std::lgamma(of + 1) - std::lgamma(i + 1) - std::lgamma(of - i + 1) -
                      of * std::log(2.0));
    if (below > kEachSide) return k;
  }
  return 0;
}

}  // namespace replsim
