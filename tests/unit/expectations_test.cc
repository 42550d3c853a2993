#include "simulator/analysis/compare/expectations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace replsim::expectations_test {
namespace {

using ::testing::HasSubstr;
using Expects = google::protobuf::RepeatedPtrField<proto::Expect>;

proto::Report TwoVariants() {
  proto::Report report;
  proto::RunReport& async = *report.add_runs();
  async.set_variant("async");
  async.mutable_writes()->set_acked_lost(37);
  async.mutable_latency_us()->mutable_write()->set_p99(1900);
  async.mutable_divergence()->set_converged(true);
  proto::RunReport& sync = *report.add_runs();
  sync.set_variant("sync");
  sync.mutable_writes()->set_acked_lost(0);
  sync.mutable_latency_us()->mutable_write()->set_p99(46'000);
  proto::RunReport::Lag& lag = *sync.add_lag();
  lag.set_replica("r1");
  lag.set_stage("apply");
  lag.mutable_time_us()->set_p99(24'000);
  lag.mutable_entries()->set_max(50);
  lag.set_never_caught_up(1);
  return report;
}

Expects One(const std::string& metric, const std::string& test,
            std::vector<std::string> variants = {}) {
  Expects expects;
  proto::Expect& expect = *expects.Add();
  for (const std::string& variant : variants) expect.add_variant(variant);
  proto::Condition& condition = *expect.add_condition();
  condition.set_metric(metric);
  condition.set_test(test);
  return expects;
}

proto::ExpectationResult Judge(const std::string& metric, const std::string& test,
                               const std::string& variant) {
  return JudgeExpectations(One(metric, test, {variant}), TwoVariants().runs())[0];
}

TEST(Expectations, SayWhetherTheyHeldAndWhatWasMeasured) {
  const proto::ExpectationResult held = Judge("acked_lost", "> 0", "async");
  EXPECT_TRUE(held.held());
  EXPECT_EQ(held.text(), "async: acknowledged, then lost > 0");
  EXPECT_EQ(held.measured(), "37");
  const proto::ExpectationResult not_held = Judge("acked_lost", "== 0", "async");
  EXPECT_TRUE(not_held.has_held());
  EXPECT_FALSE(not_held.held());
}

TEST(Expectations, AValueThatReadsLikeItsBoundIsToldInFull) {
  EXPECT_EQ(Judge("write_p99_ms", "< 2ms", "async").measured(), "1.9 ms");
  proto::Report report = TwoVariants();
  report.mutable_runs(0)->mutable_latency_us()->mutable_write()->set_p99(1936);
  EXPECT_EQ(
      JudgeExpectations(One("write_p99_ms", "== 1.9ms", {"async"}), report.runs())[0].measured(),
      "1.936 ms");
}

TEST(Expectations, AnUnknownValueCannotBeJudged) {
  const proto::ExpectationResult unknown = Judge("converged", "== yes", "sync");
  EXPECT_FALSE(unknown.has_held());
  EXPECT_EQ(unknown.measured(), "unknown in this run");
  EXPECT_FALSE(Judge("converged", "== 1", "semi").has_held());
  EXPECT_TRUE(Judge("converged", "== 1", "async").held());
}

TEST(Expectations, CompareVariants) {
  EXPECT_TRUE(Judge("write_p99_ms", "< sync", "async").held());
  EXPECT_TRUE(Judge("write_p99_ms", "> 20 * async", "sync").held());
  EXPECT_FALSE(Judge("write_p99_ms", "> 30 * async", "sync").held());
  EXPECT_THAT(Judge("write_p99_ms", "> 20 * async", "sync").measured(),
              HasSubstr("46 ms, async 1.9 ms"));
  EXPECT_FALSE(Judge("converged", "== async", "sync").has_held());
  EXPECT_FALSE(Judge("converged", "== sync", "async").has_held());
}

TEST(Expectations, APercentileOfACurveBreaksABoundOnlyBeyondItsResolution) {
  EXPECT_TRUE(Judge("apply_lag_p99_ms.r1", ">= 24.09ms", "sync").held()) << "24 may be 24.09";
  EXPECT_TRUE(Judge("apply_lag_p99_ms.r1", "<= 23.91ms", "sync").held());
  EXPECT_FALSE(Judge("apply_lag_p99_ms.r1", ">= 24.1ms", "sync").held());
  EXPECT_FALSE(Judge("apply_lag_p99_ms.r1", "< 23.9ms", "sync").held());
  EXPECT_TRUE(Judge("apply_lag_p99_ms.r1", "== 24.05ms", "sync").held());
  EXPECT_FALSE(Judge("write_p99_ms", ">= 46.001ms", "sync").held()) << "a latency is exact";
  EXPECT_FALSE(Judge("apply_lag_max_entries.r1", "< 50", "sync").held()) << "so is a maximum";
}

TEST(Expectations, ALowerBoundCannotShowThatSomethingTookLess) {
  proto::Report report;
  proto::RunReport::CensoredLatency& latency = *report.add_runs()->mutable_write_with_unknown_us();
  latency.set_p50(10'000);
  latency.set_p99(500'000);
  latency.set_p99_at_least(true);
  const auto judge = [&](const std::string& metric, const std::string& test) {
    return JudgeExpectations(One(metric, test), report.runs())[0];
  };
  EXPECT_FALSE(judge("write_p99_with_unknown_ms", "<= 600ms").has_held());
  EXPECT_EQ(judge("write_p99_with_unknown_ms", "<= 600ms").measured(),
            "at least 500 ms: unknown writes may have taken longer");
  EXPECT_FALSE(judge("write_p99_with_unknown_ms", ">= 600ms").has_held());
  EXPECT_TRUE(judge("write_p99_with_unknown_ms", "<= 400ms").has_held());
  EXPECT_FALSE(judge("write_p99_with_unknown_ms", "<= 400ms").held());
  EXPECT_TRUE(judge("write_p99_with_unknown_ms", "> 400ms").held());
  EXPECT_TRUE(judge("write_p50_with_unknown_ms", "<= 600ms").held()) << "that one is exact";
}

TEST(Expectations, UnderstandUnits) {
  EXPECT_TRUE(Judge("write_p99_ms", "<= 46ms", "sync").held());
  EXPECT_TRUE(Judge("write_p99_ms", "<= 0.046 s", "sync").held());
  EXPECT_TRUE(Judge("write_p99_ms", ">= 45999us", "sync").held());
  EXPECT_TRUE(Judge("apply_lag_p99_ms.r1", "<= 24ms", "sync").held());
  EXPECT_TRUE(Judge("apply_lag_max_entries.r1", "== 50", "sync").held());
}

TEST(Expectations, ACatchUpThatNeverEndedIsLongerThanAnyBound) {
  const proto::ExpectationResult never = Judge("catch_up_ms.r1", "< 10 s", "sync");
  EXPECT_TRUE(never.has_held());
  EXPECT_FALSE(never.held());
  EXPECT_EQ(never.measured(), "never");
}

TEST(Expectations, WithoutAVariantAreOfAll) {
  EXPECT_EQ(JudgeExpectations(One("acked_lost", ">= 0"), TwoVariants().runs()).size(), 2u);
}

}  // namespace
}  // namespace replsim::expectations_test
