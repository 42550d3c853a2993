// Groups of runs side by side: the settings in which they differ, and every headline number with
// its difference to one of them, the base. What is better is claimed only where runs are repeated
// and the difference is beyond noise (common/stats/mann_whitney.h, two-sided, at kNoiseLevel).
// With 40 metrics at 5 % a pair of equal groups shows two differences on average: one alone proves
// little.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "simulator/analysis/compare/repeats.h"
#include "simulator/metrics/headline.h"

namespace replsim {

inline constexpr double kNoiseLevel = 0.05;

enum class DifferenceKind {
  kTooFewRuns,     // so few that no difference, however large, could be told from noise
  kNotComparable,  // one side does not know it
  kWithinNoise,
  kBetter,
  kWorse,
  kDifferent,  // beyond noise, of a metric that is neither better nor worse
};

struct Difference {
  std::optional<double> absolute;  // of the medians, in the metric's unit; never of two infinities
  std::optional<double> percent;   // of the base; absent where that is 0
  std::optional<double> p;         // of the rank test; absent where there are too few runs
  DifferenceKind kind = DifferenceKind::kNotComparable;
};
Difference Compare(const Metric& metric, const Measured& base, const Measured& other);

struct ComparedMetric {
  Headline headline;
  std::vector<Measured> values;         // of each group
  std::vector<Difference> differences;  // of each group to the base; the base's own says nothing

  bool SaysSomething() const;  // some group knows it, and it is not 0
};

struct ComparedSetting {
  std::string path;                 // replication.ack_after; runtime; seed
  std::vector<std::string> values;  // of each group; empty where its scenario does not have it
};

struct RunComparison {
  std::vector<std::string> names;
  size_t base = 0;
  std::vector<ComparedSetting> settings;  // that are not the same in all groups
  std::vector<ComparedMetric> metrics;    // every headline, in its order
};
RunComparison CompareRuns(const std::vector<RunGroup>& groups, size_t base);

}  // namespace replsim
