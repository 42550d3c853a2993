// Runs of one variant taken together: what their table, and their expectations, say.
#include "simulator/analysis/compare/repeats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "simulator/analysis/compare/expectations.h"

namespace replsim::repeats_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A report of `async` and `sync`, each run once per value of its own.
proto::Report Report(const std::vector<uint64_t>& async_lost,
                     const std::vector<int64_t>& sync_p99_us = {}) {
  proto::Report report;
  for (size_t i = 0; i < std::max(async_lost.size(), sync_p99_us.size()); ++i) {
    const bool repeated = async_lost.size() > 1 || sync_p99_us.size() > 1;
    if (i < async_lost.size()) {
      proto::RunReport& run = *report.add_runs();
      run.set_variant("async");
      if (repeated) run.set_repeat(static_cast<uint32_t>(i + 1));
      run.mutable_writes()->set_acked_lost(async_lost[i]);
      run.mutable_latency_us()->mutable_write()->set_p99(1000 * static_cast<int64_t>(i + 1));
    }
    if (i < sync_p99_us.size()) {
      proto::RunReport& run = *report.add_runs();
      run.set_variant("sync");
      if (repeated) run.set_repeat(static_cast<uint32_t>(i + 1));
      run.mutable_latency_us()->mutable_write()->set_p99(sync_p99_us[i]);
    }
  }
  return report;
}

std::string LostText(const std::vector<uint64_t>& lost) {
  const proto::Report report = Report(lost);
  return MeasuredText(MetricUnit::kCount,
                      Measure(*FindMetric("acked_lost"), GroupByVariant(report.runs())[0]));
}

std::string Text(MetricUnit unit, std::vector<double> values) {
  Measured measured;
  measured.median = Median(values);
  measured.interval = MedianInterval(values);
  measured.least = *std::min_element(values.begin(), values.end());
  measured.most = *std::max_element(values.begin(), values.end());
  measured.values = std::move(values);
  return MeasuredText(unit, measured);
}

proto::ExpectationResult Judge(const proto::Report& report, const std::string& variant,
                               const std::string& metric, const std::string& test) {
  google::protobuf::RepeatedPtrField<proto::Expect> expects;
  proto::Expect& expect = *expects.Add();
  expect.add_variant(variant);
  expect.add_condition()->set_metric(metric);
  expect.mutable_condition(0)->set_test(test);
  return JudgeExpectations(expects, report.runs())[0];
}

TEST(Repeats, OfAVariantAreOneGroupInTheOrderInWhichTheyRan) {
  const proto::Report report = Report({1, 2}, {5, 6});
  const std::vector<RunGroup> groups = GroupByVariant(report.runs());
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].name, "async");
  EXPECT_THAT(groups[1].runs, ElementsAre(&report.runs(1), &report.runs(3)));
}

TEST(MeasuredText, IsTheValueOfOneRun) {
  EXPECT_EQ(LostText({37}), "37");
  EXPECT_EQ(Text(MetricUnit::kMillis, {0.42}), "0.4 ms");
}

TEST(MeasuredText, OfRepeatsIsTheirMedianAndItsIntervalFromSixOn) {
  EXPECT_EQ(Text(MetricUnit::kMillis, {24, 20, 30}), "24 ms");
  EXPECT_EQ(Text(MetricUnit::kMillis, {24, 22, 23, 24, 26, 27}), "24 ms [22 … 27]");
  EXPECT_EQ(Text(MetricUnit::kPerSecond, {10, 20, 30, 40, 50, 60}), "35/s [10 … 60]");
  EXPECT_EQ(Text(MetricUnit::kBytes, {900, 950, 1000, 1100, 1200, 1300}),
            "1.1 kB [900 B … 1.3 kB]");
  EXPECT_EQ(Text(MetricUnit::kMillis, {5, 5, 5, 5, 5, 5}), "5.0 ms");
}

TEST(MeasuredText, DoesNotHideARareLossBehindAMedianOfZero) {
  EXPECT_EQ(LostText({0, 0, 0}), "0");
  EXPECT_EQ(LostText({0, 5, 0}), "0, most 5");
  EXPECT_EQ(LostText({0, 0, 0, 0, 0, 0, 0, 0, 0, 5}), "0, most 5");
  EXPECT_EQ(LostText({0, 1}), "0.5");
}

TEST(MeasuredText, CountsHowOftenItIsYes) {
  EXPECT_EQ(Text(MetricUnit::kYesNo, {1, 1, 1}), "yes");
  EXPECT_EQ(Text(MetricUnit::kYesNo, {1, 0, 1}), "2 of 3");
}

TEST(MeasuredText, SaysNeverWhereMostRunsNeverEnded) {
  constexpr double kNever = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Text(MetricUnit::kMillis, {kNever, kNever, 3}), "never");
}

TEST(Expectations, HoldIfTheyHeldInEveryRepeat) {
  const proto::ExpectationResult all = Judge(Report({31, 40, 44}), "async", "acked_lost", "> 0");
  EXPECT_TRUE(all.held());
  EXPECT_EQ(all.measured(), "3 of 3; 31 to 44");
  const proto::ExpectationResult most = Judge(Report({31, 0, 44}), "async", "acked_lost", "> 0");
  EXPECT_TRUE(most.has_held());
  EXPECT_FALSE(most.held());
  EXPECT_EQ(most.measured(), "2 of 3, not in repeat 2; 0 to 44");
  EXPECT_THAT(Judge(Report({0, 0, 9}), "async", "acked_lost", "> 0").measured(),
              HasSubstr("1 of 3, not in repeat 1 and 2;"));
}

TEST(Expectations, AreNotJudgedIfOneRepeatCannotBe) {
  proto::Report report = Report({31, 40, 44});
  report.mutable_runs(1)->add_missing_faults("kill never came");
  const proto::ExpectationResult unknown = Judge(report, "async", "acked_lost", "> 0");
  EXPECT_FALSE(unknown.has_held());
  EXPECT_EQ(unknown.measured(), "2 of 3, 1 not judged: kill never came; 31 to 44");
  const proto::ExpectationResult broken = Judge(report, "async", "acked_lost", "< 40");
  EXPECT_TRUE(broken.has_held()) << "repeat 3 decides, whatever repeat 2 would say";
  EXPECT_FALSE(broken.held());
}

TEST(Expectations, CompareVariantsWithinTheSameRepeat) {
  // async takes 1, 2, 3 ms: each sync is more than three times its own, not three times all.
  const proto::Report report = Report({0, 0, 0}, {3500, 7000, 10'000});
  const proto::ExpectationResult held = Judge(report, "sync", "write_p99_ms", "> 3 * async");
  EXPECT_TRUE(held.held());
  EXPECT_EQ(held.measured(), "3 of 3; 3.5 to 10 ms, async 1.0 to 3.0 ms");
  const proto::Report cut = Report({0, 0, 0}, {3500, 7000, 10'000, 11'000});
  EXPECT_FALSE(Judge(cut, "sync", "write_p99_ms", "> 3 * async").has_held());
}

}  // namespace
}  // namespace replsim::repeats_test
