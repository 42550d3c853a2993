// Many trials, and what they say exactly: no model, no interpolation, only order statistics.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "common/base/rng.h"
#include "simulator/theory/wars.h"

namespace replsim {

// The distribution of a sample.
class Empirical {
 public:
  explicit Empirical(std::vector<double> values);  // at least one

  size_t size() const { return sorted_.size(); }
  // The smallest value that at least this share of the sample does not exceed; 0 < share <= 1.
  double Quantile(double share) const;
  double ShareAtMost(double value) const;

  // Where the same quantile of another sample lies, in 95 of 100 cases and whatever the
  // distribution: between the ranks share ± 1.96·sqrt(share·(1 - share)·(1/n + 1/other_size)). Of
  // an infinite one, that is where the true quantile lies.
  struct Interval {
    double low = 0;
    double high = 0;
  };
  Interval QuantileInterval(double share,
                            double other_size = std::numeric_limits<double>::infinity()) const;

 private:
  double AtRank(double rank) const;  // counted from 1, rounded up, the nearest there is

  std::vector<double> sorted_;
};

struct TrialSample {
  Empirical write_ms;
  Empirical read_ms;
  // Its quantile p is the paper's t-visibility at p; its ShareAtMost(t) is P(fresh at t).
  Empirical fresh_after_ms;
};

TrialSample SampleOf(const std::vector<Trial>& trials);
std::vector<Trial> RunTrials(const TrialSource& source, uint64_t count, Rng& rng);

}  // namespace replsim
