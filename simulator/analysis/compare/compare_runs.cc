#include "simulator/analysis/compare/compare_runs.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/check.h"
#include "common/stats/mann_whitney.h"

namespace replsim {
namespace {

DifferenceKind FindingOf(const Metric& metric, const MannWhitney& test, const Measured& base,
                         const Measured& other) {
  if (test.p >= kNoiseLevel) return DifferenceKind::kWithinNoise;
  if (metric.better == Direction::kNeither) return DifferenceKind::kDifferent;
  // The rank test decides the direction, because the medians may be equal.
  const double pairs = static_cast<double>(base.values.size() * other.values.size());
  const bool lower = test.u > pairs / 2;
  return lower == (metric.better == Direction::kLowerIsBetter) ? DifferenceKind::kBetter
                                                               : DifferenceKind::kWorse;
}

// Excludes the parts of a scenario that do not influence a run.
bool IsSetting(const std::string& path) {
  for (const char* about : {"name", "question", "answer"}) {
    if (path == about) return false;
  }
  return !absl::StartsWith(path, "expect") && !absl::StartsWith(path, "vary");
}

// Empty if the run's scenario does not have the setting.
std::string SettingOf(const proto::RunReport& run, const std::string& path) {
  if (path == "runtime") return run.runtime();
  for (const proto::RunReport::Setting& setting : run.knobs()) {
    if (setting.path() == path) return setting.value();
  }
  return "";
}

// The value of the first and of the last run; repeats differ in their seed.
std::string SettingOf(const RunGroup& group, const std::string& path) {
  const std::string first = SettingOf(*group.runs.front(), path);
  const std::string last = SettingOf(*group.runs.back(), path);
  return first == last ? first : absl::StrCat(first, " to ", last);
}

// The paths of all groups, in the order of their scenarios.
std::vector<std::string> SettingPaths(const std::vector<RunGroup>& groups) {
  std::vector<std::string> paths{"runtime"};
  for (const RunGroup& group : groups) {
    for (const proto::RunReport::Setting& setting : group.runs.front()->knobs()) {
      if (!IsSetting(setting.path())) continue;
      if (std::find(paths.begin(), paths.end(), setting.path()) == paths.end()) {
        paths.push_back(setting.path());
      }
    }
  }
  return paths;
}

std::vector<ComparedSetting> DifferingSettings(const std::vector<RunGroup>& groups) {
  std::vector<ComparedSetting> settings;
  for (const std::string& path : SettingPaths(groups)) {
    ComparedSetting setting{path, {}};
    for (const RunGroup& group : groups) setting.values.push_back(SettingOf(group, path));
    const bool differs = std::any_of(setting.values.begin(), setting.values.end(),
                                     [&](const auto& value) { return value != setting.values[0]; });
    if (differs) settings.push_back(std::move(setting));
  }
  return settings;
}

}  // namespace

Difference Compare(const Metric& metric, const Measured& base, const Measured& other) {
  Difference difference;
  if (!base.median || !other.median) return difference;
  const double apart = *other.median - *base.median;
  if (!std::isnan(apart)) difference.absolute = apart;
  if (std::isfinite(apart) && *base.median != 0) {
    difference.percent = 100 * apart / std::fabs(*base.median);
  }
  difference.kind = DifferenceKind::kTooFewRuns;
  if (LeastP(base.values.size(), other.values.size()) >= kNoiseLevel) return difference;
  const MannWhitney test = MannWhitneyTest(base.values, other.values);
  difference.p = test.p;
  difference.kind = FindingOf(metric, test, base, other);
  return difference;
}

bool ComparedMetric::IsKnownAndNotZero() const {
  return std::any_of(values.begin(), values.end(), [](const Measured& measured) {
    return measured.median && (measured.least != 0 || measured.most != 0);
  });
}

RunComparison CompareRuns(const std::vector<RunGroup>& groups, size_t base) {
  REPL_CHECK(base < groups.size(), "the base is not among the groups");
  RunComparison comparison;
  comparison.base = base;
  for (const RunGroup& group : groups) comparison.names.push_back(group.name);
  comparison.settings = DifferingSettings(groups);
  for (const Headline& headline : Headlines()) {
    ComparedMetric compared{headline, {}, {}};
    for (const RunGroup& group : groups) {
      compared.values.push_back(Measure(headline.metric, group));
    }
    for (size_t i = 0; i < groups.size(); ++i) {
      compared.differences.push_back(
          i == base ? Difference()
                    : Compare(headline.metric, compared.values[base], compared.values[i]));
    }
    comparison.metrics.push_back(std::move(compared));
  }
  return comparison;
}

}  // namespace replsim
