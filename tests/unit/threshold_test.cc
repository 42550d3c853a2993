#include "simulator/analysis/compare/threshold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/analysis/compare/expectations.h"

namespace replsim::threshold_test {
namespace {

using ::testing::HasSubstr;

std::string MistakeIn(const std::string& text) {
  return std::string(ParseThreshold(text).status().message());
}

proto::RunReport& Add(proto::Report& report, const std::string& variant, int64_t p99_us,
                      uint64_t lost = 0) {
  proto::RunReport& run = *report.add_runs();
  run.set_variant(variant);
  run.mutable_latency_us()->mutable_write()->set_p99(p99_us);
  run.mutable_writes()->set_acked_lost(lost);
  proto::RunReport::Lag& lag = *run.add_lag();
  lag.set_replica("r1");
  lag.set_stage("apply");
  lag.mutable_time_us()->set_p99(p99_us);
  return run;
}

proto::Report One(int64_t p99_us, uint64_t lost = 0) {
  proto::Report report;
  Add(report, "async", p99_us, lost);
  return report;
}

proto::ExpectationResult Judge(const std::string& text, const proto::Report& base,
                               const proto::Report& next) {
  const absl::StatusOr<Threshold> threshold = ParseThreshold(text);
  EXPECT_TRUE(threshold.ok()) << threshold.status();
  return JudgeThresholds({*threshold}, base, next)[0];
}

bool Held(const std::string& text, const proto::Report& base, const proto::Report& next) {
  const proto::ExpectationResult result = Judge(text, base, next);
  EXPECT_TRUE(result.has_held()) << result.measured();
  return result.held();
}

TEST(Threshold, InPercentIsOfTheBase) {
  EXPECT_TRUE(Held("write_p99_ms <= +10%", One(20'000), One(22'000)));
  EXPECT_FALSE(Held("write_p99_ms <= +10%", One(20'000), One(22'100)));
  EXPECT_TRUE(Held("write_p99_ms < -50 %", One(20'000), One(9'000)));
  EXPECT_TRUE(Held("lag.apply.time.p99 <= +10%", One(20'000), One(22'000)));
  EXPECT_EQ(Judge("write_p99_ms <= +10%", One(20'000), One(30'000)).measured(),
            "base 20 ms, new 30 ms, +50.0 %");
}

TEST(Threshold, APercentileOfACurveBreaksItOnlyBeyondItsResolution) {
  EXPECT_TRUE(Held("lag.apply.time.p99 <= +10%", One(20'000), One(22'100)));
  EXPECT_FALSE(Held("lag.apply.time.p99 <= +10%", One(20'000), One(22'200)));
}

TEST(Threshold, ALowerBoundCannotBeJudged) {
  const proto::Report base = One(1);
  proto::Report next = One(1);
  for (proto::RunReport& run : *next.mutable_runs()) {
    run.mutable_write_with_unknown_us()->set_p99(1000);
    run.mutable_write_with_unknown_us()->set_p99_at_least(true);
  }
  const auto result = Judge("write_p99_with_unknown_ms <= 5ms", base, next);
  EXPECT_FALSE(result.has_held());
  EXPECT_THAT(result.measured(), HasSubstr("a lower bound"));
}

TEST(Threshold, WithASignIsADifferenceAndWithoutOneABoundOnTheNewRunAlone) {
  EXPECT_TRUE(Held("acked_lost <= +0", One(1, 7), One(1, 7)));
  EXPECT_FALSE(Held("acked_lost <= +0", One(1, 7), One(1, 8)));
  EXPECT_TRUE(Held("write_p99_ms <= +5ms", One(20'000), One(25'000)));
  EXPECT_TRUE(Held("apply_lag_p99_ms.r1 <= 50ms", One(90'000), One(50'000)));
  EXPECT_FALSE(Held("apply_lag_p99_ms.r1 <= 50ms", One(90'000), One(50'300)));
  proto::Report empty;
  empty.add_runs()->set_variant("async");
  EXPECT_TRUE(Held("acked_lost == 0", empty, One(1, 0))) << "which needs no base";
}

TEST(Threshold, IsNotJudgedWhereAValueIsUnknownOrAPercentageHasNoMeaning) {
  proto::Report empty;
  empty.add_runs()->set_variant("async");
  EXPECT_FALSE(Judge("write_p99_ms <= +10%", empty, One(1)).has_held());
  EXPECT_FALSE(Judge("write_p99_ms <= 10ms", One(1), empty).has_held());
  EXPECT_FALSE(Judge("acked_lost <= +10%", One(1, 0), One(1, 1)).has_held());
  EXPECT_TRUE(Held("acked_lost <= +10%", One(1, 0), One(1, 0)));
  proto::Report no_answer = One(1);
  no_answer.mutable_runs(0)->add_missing_faults("kill never came");
  EXPECT_EQ(Judge("write_p99_ms <= +10%", One(1), no_answer).measured(), "kill never came");
}

TEST(Threshold, HoldsEachVariantToTheSameOne) {
  proto::Report base;
  proto::Report next;
  Add(base, "sync", 30'000);
  Add(base, "async", 1'000);
  Add(next, "async", 1'000);
  Add(next, "sync", 60'000);
  Add(next, "quorum", 1);
  const auto results = JudgeThresholds({*ParseThreshold("write_p99_ms <= +10%")}, base, next);
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[0].text(), "async: write_p99_ms <= +10%");
  EXPECT_TRUE(results[0].held());
  EXPECT_FALSE(results[1].held());
  EXPECT_FALSE(results[2].has_held());
  EXPECT_EQ(results[2].measured(), "variant quorum is in the new run only");
}

TEST(Threshold, OfOneVariantEachAsksForNoName) {
  proto::Report base;
  Add(base, "mine", 20'000);
  EXPECT_TRUE(Held("write_p99_ms <= +10%", base, One(20'000)));
}

TEST(Threshold, OfRepeatsComparesMediansAndSaysWhetherItIsNoise) {
  proto::Report base;
  proto::Report next;
  for (const int64_t ms : {10, 11, 12, 13}) {
    Add(base, "async", ms * 1000);
    Add(next, "async", ms * 3000);
  }
  EXPECT_TRUE(Held("write_p99_ms <= +201%", base, next));
  EXPECT_FALSE(Held("write_p99_ms <= +199%", base, next));
  EXPECT_THAT(Judge("write_p99_ms <= +10%", base, next).measured(),
              HasSubstr("+200.0 %; beyond noise"));
  EXPECT_THAT(Judge("write_p99_ms <= +10%", base, base).measured(), HasSubstr("within noise"));
}

TEST(ParseThreshold, PointsAtWhatItCannotRead) {
  EXPECT_EQ(MistakeIn("lag.aply.time.p99 <= +10%"),
            "  lag.aply.time.p99 <= +10%\n"
            "  ^ unknown metric 'lag.aply.time.p99'; did you mean 'lag.apply.time.p99'? (`replsim "
            "schema expect` lists them)");
  EXPECT_EQ(MistakeIn("acked_lost =< +0"),
            "  acked_lost =< +0\n"
            "             ^ expected one of == != < <= > >= here");
  EXPECT_THAT(MistakeIn("acked_lost"), HasSubstr("\n            ^ expected one of == !="));
  EXPECT_EQ(MistakeIn("acked_lost <= +0ms"),
            "  acked_lost <= +0ms\n"
            "                ^ it is a count and takes a plain number, not ms");
  EXPECT_THAT(MistakeIn("write_p99_ms <= 10%"), HasSubstr("takes ns, us, ms"));
  for (const char* text : {"acked_lost <=", "acked_lost <= +", "acked_lost <= sync",
                           "acked_lost <= 2 * sync", "acked_lost <= +-1"}) {
    EXPECT_THAT(MistakeIn(text), HasSubstr("expected a bound")) << text;
  }
  EXPECT_THAT(MistakeIn(""), HasSubstr("expected a metric"));
  EXPECT_THAT(MistakeIn("apply_lag_p99_ms <= +0"), HasSubstr("for example"));
}

}  // namespace
}  // namespace replsim::threshold_test
