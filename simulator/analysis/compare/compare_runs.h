// Compares groups of runs: the settings in which they differ, and each headline number with its
// difference to the base, which is one of the groups. "Better" and "worse" are claimed only if the
// runs are repeated and the difference is beyond noise: two-sided rank test
// (common/stats/mann_whitney.h) at kNoiseLevel. The tests are not corrected for their number: with
// 40 metrics at 5 %, two equal groups differ in two metrics on average.
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
  kTooFewRuns,     // no difference, however large, could be distinguished from noise
  kNotComparable,  // unknown in one of the groups
  kWithinNoise,
  kBetter,
  kWorse,
  kDifferent,  // beyond noise, of a metric without a better direction
};

struct Difference {
  std::optional<double> absolute;  // of the medians, in the metric's unit; never of two infinities
  std::optional<double> percent;   // of the base; absent if the base is 0
  std::optional<double> p;         // of the rank test; absent with too few runs
  DifferenceKind kind = DifferenceKind::kNotComparable;
};
Difference Compare(const Metric& metric, const Measured& base, const Measured& other);

struct ComparedMetric {
  Headline headline;
  std::vector<Measured> values;         // one per group
  std::vector<Difference> differences;  // one per group, to the base; the base's own is unused

  bool IsKnownAndNotZero() const;  // true if a group has a known value other than 0
};

struct ComparedSetting {
  std::string path;                 // replication.ack_after; runtime; seed
  std::vector<std::string> values;  // one per group; empty if its scenario lacks the setting
};

struct RunComparison {
  std::vector<std::string> names;
  size_t base = 0;
  std::vector<ComparedSetting> settings;  // only those that differ between groups
  std::vector<ComparedMetric> metrics;    // every headline, in its order
};
RunComparison CompareRuns(const std::vector<RunGroup>& groups, size_t base);

}  // namespace replsim
