#include "simulator/analysis/compare/compare_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace replsim::compare_runs_test {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using Values = std::vector<double>;

Measured Of(const Values& values) {
  Measured measured;
  measured.values = values;
  measured.runs = values.size();
  measured.median = Median(values);
  return measured;
}

Difference Differ(const std::string& metric, const Values& base, const Values& other) {
  return Compare(*FindMetric(metric), Of(base), Of(other));
}

proto::RunReport RunOf(const std::string& variant, int64_t p99_us) {
  proto::RunReport run;
  run.set_variant(variant);
  run.set_runtime("virtual");
  run.mutable_latency_us()->mutable_write()->set_p99(p99_us);
  return run;
}

void Knob(proto::RunReport& run, const std::string& path, const std::string& value) {
  proto::RunReport::Setting& setting = *run.add_knobs();
  setting.set_path(path);
  setting.set_value(value);
}

const ComparedMetric& Find(const RunComparison& comparison, const std::string& name) {
  for (const ComparedMetric& metric : comparison.metrics) {
    if (metric.headline.metric.name == name) return metric;
  }
  ADD_FAILURE() << name << " is no headline";
  return comparison.metrics[0];
}

TEST(Difference, IsOfTheMediansInTheMetricsUnitAndInPercentOfTheBase) {
  const Difference slower = Differ("write_p99_ms", {20, 21, 22}, {23, 24, 25});
  EXPECT_EQ(slower.absolute, 3);
  EXPECT_THAT(*slower.percent, DoubleNear(14.29, 0.01));
  const Difference from_zero = Differ("acked_lost", {0}, {3});
  EXPECT_EQ(from_zero.absolute, 3);
  EXPECT_EQ(from_zero.percent, std::nullopt);
}

TEST(Difference, OfWhatNeverEndedHasNoSize) {
  constexpr double kNever = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Differ("lag.catch_up", {kNever}, {kNever}).absolute, std::nullopt);
  EXPECT_EQ(Differ("lag.catch_up", {5}, {kNever}).percent, std::nullopt);
}

TEST(Difference, IsNotClaimedWithoutRepeats) {
  EXPECT_EQ(Differ("write_p99_ms", {10}, {1000}).kind, DifferenceKind::kTooFewRuns);
  const Difference three = Differ("write_p99_ms", {1, 2, 3}, {101, 102, 103});
  EXPECT_EQ(three.kind, DifferenceKind::kTooFewRuns) << "3 against 3 cannot be significant";
  EXPECT_EQ(three.p, std::nullopt);
}

TEST(Difference, IsClaimedBeyondNoiseOnly) {
  EXPECT_EQ(Differ("write_p99_ms", {1, 2, 3, 4}, {5, 6, 7, 8}).kind, DifferenceKind::kWorse);
  EXPECT_EQ(Differ("write_p99_ms", {5, 6, 7, 8}, {1, 2, 3, 4}).kind, DifferenceKind::kBetter);
  EXPECT_EQ(Differ("write_p99_ms", {1, 2, 3, 6}, {4, 5, 7, 8}).kind, DifferenceKind::kWithinNoise);
  EXPECT_EQ(Differ("write_p99_ms", {5, 5, 5, 5}, {5, 5, 5, 5}).kind, DifferenceKind::kWithinNoise);
}

TEST(Difference, IsBetterOrWorseByTheMetricsDirection) {
  EXPECT_EQ(Differ("per_second", {1, 2, 3, 4}, {5, 6, 7, 8}).kind, DifferenceKind::kBetter);
  EXPECT_EQ(Differ("converged", {1, 1, 1, 1, 1}, {0, 0, 0, 0, 0}).kind, DifferenceKind::kWorse);
  EXPECT_EQ(Differ("reads", {1, 2, 3, 4}, {5, 6, 7, 8}).kind, DifferenceKind::kDifferent);
}

TEST(Difference, ToAnUnknownValueIsNone) {
  EXPECT_EQ(Differ("write_p99_ms", {}, {1, 2, 3, 4}).kind, DifferenceKind::kNotComparable);
  EXPECT_EQ(Differ("write_p99_ms", {1}, {}).absolute, std::nullopt);
}

TEST(CompareRuns, HoldsEveryGroupToTheBase) {
  const std::vector<proto::RunReport> runs{RunOf("a", 10'000), RunOf("b", 20'000),
                                           RunOf("c", 5'000)};
  const RunComparison comparison =
      CompareRuns({{"a", {&runs[0]}}, {"b", {&runs[1]}}, {"c", {&runs[2]}}}, 1);
  const ComparedMetric& p99 = Find(comparison, "write_p99_ms");
  EXPECT_EQ(p99.values[1].median, 20);
  EXPECT_EQ(p99.differences[0].percent, -50);
  EXPECT_EQ(p99.differences[1].absolute, std::nullopt) << "the base differs from nothing";
  EXPECT_EQ(p99.differences[2].percent, -75);
  EXPECT_TRUE(p99.IsKnownAndNotZero());
  EXPECT_FALSE(Find(comparison, "acked_lost").IsKnownAndNotZero());
}

TEST(CompareRuns, ListsTheSettingsThatDifferAndNotWhatIsSaidAboutTheRun) {
  std::vector<proto::RunReport> runs{RunOf("a", 1), RunOf("b", 1), RunOf("b", 1)};
  for (size_t i = 0; i < runs.size(); ++i) {
    Knob(runs[i], "seed", std::to_string(i == 2 ? 43 : 42));
    Knob(runs[i], "expect[0].acked_lost", std::to_string(i));
    Knob(runs[i], "replication.preset", i == 0 ? "async" : "sync");
    Knob(runs[i], "cluster.replicas", "2");
  }
  runs[0].set_runtime("live");
  const RunComparison comparison = CompareRuns({{"a", {&runs[0]}}, {"b", {&runs[1], &runs[2]}}}, 0);
  std::vector<std::string> paths;
  for (const ComparedSetting& setting : comparison.settings) paths.push_back(setting.path);
  EXPECT_THAT(paths, ElementsAre("runtime", "seed", "replication.preset"));
  EXPECT_THAT(comparison.settings[1].values, ElementsAre("42", "42 to 43"));
}

}  // namespace
}  // namespace replsim::compare_runs_test
