#include "common/stats/mann_whitney.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/base/check.h"

namespace replsim {
namespace {

// Ranks times two, because the mean rank of ties may be a half.
struct Ranks {
  std::vector<size_t> twice;  // of all values in order
  size_t sum_of_a = 0;        // of those on side a
  double ties = 0;            // sum of t³ - t over groups of t equal values
};

Ranks RankAll(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<std::pair<double, bool>> all;
  for (const double value : a) all.emplace_back(value, true);
  for (const double value : b) all.emplace_back(value, false);
  std::sort(all.begin(), all.end());
  Ranks ranks;
  for (size_t from = 0; from < all.size();) {
    size_t to = from;
    while (to < all.size() && all[to].first == all[from].first) ++to;
    const size_t twice = from + 1 + to;  // ranks from + 1 to `to`
    for (size_t i = from; i < to; ++i) {
      ranks.twice.push_back(twice);
      if (all[i].second) ranks.sum_of_a += twice;
    }
    const auto equal = static_cast<double>(to - from);
    ranks.ties += equal * equal * equal - equal;
    from = to;
  }
  return ranks;
}

double UOf(const Ranks& ranks, size_t size_of_a) {
  const auto n = static_cast<double>(size_of_a);
  return static_cast<double>(ranks.sum_of_a) / 2 - n * (n + 1) / 2;
}

double ExactP(const Ranks& ranks, size_t size_of_a) {
  // ways[k][s]: the number of ways to choose k of the values seen so far with doubled rank sum s.
  size_t most = 0;
  for (const size_t twice : ranks.twice) most += twice;
  std::vector<std::vector<double>> ways(size_of_a + 1, std::vector<double>(most + 1, 0));
  ways[0][0] = 1;
  for (const size_t twice : ranks.twice) {
    for (size_t k = size_of_a; k > 0; --k) {
      for (size_t sum = most; sum >= twice; --sum) ways[k][sum] += ways[k - 1][sum - twice];
    }
  }
  double at_most = 0;
  double at_least = 0;
  double all = 0;
  for (size_t sum = 0; sum <= most; ++sum) {
    const double count = ways[size_of_a][sum];
    all += count;
    if (sum <= ranks.sum_of_a) at_most += count;
    if (sum >= ranks.sum_of_a) at_least += count;
  }
  return std::min(1.0, 2 * std::min(at_most, at_least) / all);
}

double ApproximateP(const Ranks& ranks, size_t size_of_a) {
  const auto n = static_cast<double>(ranks.twice.size());
  const auto a = static_cast<double>(size_of_a);
  const double b = n - a;
  const double variance = a * b / 12 * ((n + 1) - ranks.ties / (n * (n - 1)));
  if (variance <= 0) return 1;  // all values are equal
  const double off = std::fabs(UOf(ranks, size_of_a) - a * b / 2) - 0.5;
  return std::min(1.0, std::erfc(std::max(0.0, off) / std::sqrt(2 * variance)));
}

}  // namespace

MannWhitney MannWhitneyTest(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.empty() || b.empty()) return {};
  const Ranks ranks = RankAll(a, b);
  const bool exact = ranks.twice.size() <= kExactMost;
  return {UOf(ranks, a.size()), exact ? ExactP(ranks, a.size()) : ApproximateP(ranks, a.size())};
}

double ExactP(const std::vector<double>& a, const std::vector<double>& b) {
  REPL_CHECK(!a.empty() && !b.empty(), "a side without values");
  return ExactP(RankAll(a, b), a.size());
}

double ApproximateP(const std::vector<double>& a, const std::vector<double>& b) {
  REPL_CHECK(!a.empty() && !b.empty(), "a side without values");
  return ApproximateP(RankAll(a, b), a.size());
}

double LeastP(size_t a, size_t b) {
  const auto n = static_cast<double>(a);
  const auto m = static_cast<double>(b);
  const double log_ways = std::lgamma(n + m + 1) - std::lgamma(n + 1) - std::lgamma(m + 1);
  return std::min(1.0, 2 * std::exp(-log_ways));
}

}  // namespace replsim
