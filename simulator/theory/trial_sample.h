// Exact statistics of many trials: order statistics only, without a model or interpolation.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "common/base/rng.h"
#include "simulator/theory/wars.h"

namespace replsim {

// The empirical distribution of a sample.
class Empirical {
 public:
  explicit Empirical(std::vector<double> values);  // at least one

  size_t size() const { return sorted_.size(); }
  // The smallest value that is at or above at least this share of the sample; 0 < share <= 1.
  double Quantile(double share) const;
  double ShareAtMost(double value) const;

  // The 95 % interval for the same quantile of another sample of `other_size`, for any
  // distribution: between the ranks share ± 1.96·sqrt(share·(1 - share)·(1/n + 1/other_size)). For
  // an infinite sample it is the interval of the true quantile.
  struct Interval {
    double low = 0;
    double high = 0;
  };
  Interval QuantileInterval(double share,
                            double other_size = std::numeric_limits<double>::infinity()) const;

 private:
  double AtRank(double rank) const;  // rank from 1, rounded up and clamped

  std::vector<double> sorted_;
};

struct TrialSample {
  Empirical write_ms;
  Empirical read_ms;
  // Its quantile p is the paper's t-visibility at p. Its ShareAtMost(t) is P(fresh at t).
  Empirical fresh_after_ms;
};

TrialSample SampleOf(const std::vector<Trial>& trials);
std::vector<Trial> RunTrials(const TrialSource& source, uint64_t count, Rng& rng);

}  // namespace replsim
