#include "simulator/theory/trial_sample.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/base/check.h"

namespace replsim {
namespace {

std::vector<double> Column(const std::vector<Trial>& trials, double Trial::*member) {
  std::vector<double> column;
  column.reserve(trials.size());
  for (const Trial& trial : trials) column.push_back(trial.*member);
  return column;
}

}  // namespace

Empirical::Empirical(std::vector<double> values) : sorted_(std::move(values)) {
  REPL_CHECK(!sorted_.empty());
  std::sort(sorted_.begin(), sorted_.end());
}

double Empirical::AtRank(double rank) const {
  const double last = static_cast<double>(sorted_.size());
  return sorted_[static_cast<size_t>(std::clamp(std::ceil(rank), 1.0, last)) - 1];
}

double Empirical::Quantile(double share) const {
  // Absorbs binary rounding: 0.999 of a thousand is the 999th.
  return AtRank(share * static_cast<double>(sorted_.size()) - 1e-6);
}

double Empirical::ShareAtMost(double value) const {
  const auto above = std::upper_bound(sorted_.begin(), sorted_.end(), value);
  return static_cast<double>(above - sorted_.begin()) / static_cast<double>(sorted_.size());
}

Empirical::Interval Empirical::QuantileInterval(double share, double other_size) const {
  const double n = static_cast<double>(sorted_.size());
  const double reach = 1.96 * std::sqrt(share * (1 - share) * (1 / n + 1 / other_size));
  return {AtRank(n * (share - reach)), AtRank(n * (share + reach))};
}

TrialSample SampleOf(const std::vector<Trial>& trials) {
  return {Empirical(Column(trials, &Trial::write_ms)), Empirical(Column(trials, &Trial::read_ms)),
          Empirical(Column(trials, &Trial::fresh_after_ms))};
}

std::vector<Trial> RunTrials(const TrialSource& source, uint64_t count, Rng& rng) {
  std::vector<Trial> trials;
  trials.reserve(count);
  for (uint64_t i = 0; i < count; ++i) trials.push_back(source(rng));
  return trials;
}

}  // namespace replsim
