// Metrics by name, and the tests of them.
#include "simulator/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "common/base/suggest.h"
#include "simulator/metrics/comparison.h"
#include "simulator/metrics/direction.h"
#include "simulator/metrics/format.h"
#include "simulator/metrics/headline.h"
#include "simulator/metrics/worst_replica.h"

namespace replsim::metrics_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string MistakeIn(absl::string_view metric) {
  return std::string(FindMetric(metric).status().message());
}

TEST(FindMetric, KnowsEveryNameItLists) {
  std::set<std::string> names;
  for (const std::string& name : MetricNames("r1")) {
    EXPECT_TRUE(FindMetric(name).ok()) << name;
    EXPECT_TRUE(names.insert(name).second) << name << " is listed twice";
  }
}

TEST(FindMetric, NamesTheNearest) {
  EXPECT_EQ(MistakeIn("acked_losd"),
            "unknown metric 'acked_losd'; did you mean 'acked_lost'? (`replsim schema expect` "
            "lists them)");
  EXPECT_THAT(MistakeIn("acked_lots"), HasSubstr("did you mean 'acked_lost'?"));
  EXPECT_THAT(MistakeIn("aply_lag_p99_ms.r2"), HasSubstr("did you mean 'apply_lag_p99_ms.r2'?"));
  EXPECT_EQ(MistakeIn("elephants"),
            "unknown metric 'elephants' (`replsim schema expect` lists them)");
}

TEST(FindMetric, SaysWhoseAMetricIs) {
  for (const char* without : {"apply_lag_p99_ms", "apply_lag_p99_ms."}) {
    EXPECT_THAT(MistakeIn(without),
                AllOf(HasSubstr("needs a replica"), HasSubstr("for example "
                                                              "apply_lag_p99_ms.r1")));
  }
  EXPECT_THAT(MistakeIn("acked_lost.r1"), HasSubstr("applies to the whole run"));
}

TEST(Metric, ReadsTheReportAndKeepsZeroAndUnknownApart) {
  proto::RunReport run;
  run.mutable_latency_us()->mutable_write()->set_min(1500);
  run.mutable_writes()->set_acked_lost(0);
  proto::RunReport::Lag& lag = *run.add_lag();
  lag.set_replica("p");
  lag.set_stage("apply");
  lag.mutable_time_us()->set_last(7000);
  lag.mutable_entries()->set_p90(3);
  EXPECT_EQ(FindMetric("write_min_ms")->Get(run), 1.5);
  EXPECT_EQ(FindMetric("write_min_ms")->label, "write latency min");
  EXPECT_EQ(FindMetric("read_min_ms")->Get(run), std::nullopt);
  EXPECT_EQ(FindMetric("acked_lost")->Get(run), 0);
  EXPECT_EQ(FindMetric("holes")->Get(run), std::nullopt);
  EXPECT_EQ(FindMetric("apply_lag_last_ms.p")->Get(run), 7);
  EXPECT_EQ(FindMetric("apply_lag_p90_entries.p")->Get(run), 3);
  EXPECT_EQ(FindMetric("apply_lag_last_ms.r1")->Get(run), std::nullopt);
}

void AddLag(proto::RunReport& run, const std::string& replica, int64_t p99_us) {
  proto::RunReport::Lag& lag = *run.add_lag();
  lag.set_replica(replica);
  lag.set_stage("apply");
  lag.mutable_time_us()->set_p99(p99_us);
}

TEST(WorstReplica, IsTheOneWhoseLagIsLargest) {
  const Metric metric = *FindMetric("lag.apply.time.p99");
  EXPECT_EQ(metric.unit, MetricUnit::kMillis);
  EXPECT_EQ(metric.label, "apply lag p99, worst replica");
  proto::RunReport run;
  EXPECT_EQ(metric.Get(run), std::nullopt);
  AddLag(run, "r1", 20'000);
  AddLag(run, "r2", 30'000);
  EXPECT_EQ(metric.Get(run), 30);
  EXPECT_EQ(FindMetric("lag.apply.bytes.p99")->Get(run), std::nullopt);
}

TEST(WorstReplica, MayBeTheFirstPrimaryForWhatIsKnownOfIt) {
  proto::RunReport run;
  for (const char* node : {"p", "r1"}) run.add_nodes(node);
  run.add_lag()->set_replica("p");
  run.mutable_lag(0)->set_stage("apply");
  AddLag(run, "r1", 20'000);
  EXPECT_EQ(FindMetric("lag.apply.time.p99")->Get(run), 20) << "p followed after the load only";
  run.mutable_lag(0)->set_catch_up_ms(5);
  EXPECT_EQ(FindMetric("lag.catch_up")->Get(run), 5);
  run.mutable_lag(1)->set_never_caught_up(1);
  EXPECT_EQ(MetricText(MetricUnit::kMillis, *FindMetric("lag.catch_up")->Get(run)), "never");
}

TEST(ReplicaMetrics, DownTimeIsOfEveryNode) {
  proto::RunReport run;
  EXPECT_EQ(FindMetric("down_ms.p")->Get(run), std::nullopt);
  proto::RunReport::DownTime& down = *run.mutable_availability()->add_down();
  down.set_node("p");
  down.set_down_ms(3960);
  EXPECT_EQ(FindMetric("down_ms.p")->Get(run), 3960);
  EXPECT_EQ(FindMetric("down_ms.r1")->Get(run), std::nullopt);
}

TEST(WorstReplica, SuggestsThePathThatWasMeant) {
  EXPECT_THAT(MistakeIn("lag.aply.time.p99"), HasSubstr("did you mean 'lag.apply.time.p99'?"));
}

TEST(GroupMetrics, AreOfTheClientsOfOneGroup) {
  proto::RunReport run;
  run.mutable_availability()->set_unavailable_ms(18);
  proto::RunReport::GroupInterruption& west = *run.mutable_interruptions()->add_groups();
  west.set_group("west");
  west.set_unavailable_ms(1004);
  EXPECT_EQ(FindMetric("unavailable_ms.west")->Get(run), 1004);
  EXPECT_EQ(FindMetric("unavailable_ms.west")->group, "west");
  EXPECT_EQ(FindMetric("unavailable_ms.west")->label,
            "longest time without a write, clients in west");
  EXPECT_EQ(FindMetric("read_unavailable_ms.west")->Get(run), std::nullopt);
  EXPECT_EQ(FindMetric("unavailable_ms.east")->Get(run), std::nullopt);
  EXPECT_EQ(FindMetric("unavailable_ms")->Get(run), 18);
  EXPECT_EQ(FindMetric("unavailable_ms")->group, "");
}

TEST(Resolution, IsThatOfHistogramsOnly) {
  EXPECT_GT(FindMetric("apply_lag_p99_ms.r1")->resolution.Of(24), 0);
  EXPECT_GT(FindMetric("lag.flush.bytes.p50")->resolution.Of(1000), 0);
  EXPECT_GT(FindMetric("receive_ack_delay_p90_ms.r1")->resolution.Of(1), 0);
  EXPECT_GT(FindMetric("exposed_entries_p50")->resolution.Of(300), 0);
  EXPECT_EQ(FindMetric("exposed_entries_p50")->resolution.Of(200), 0) << "small numbers are exact";
  for (const char* exact : {"write_p99_ms", "apply_lag_max_ms.r1", "apply_lag_mean_ms.r1",
                            "staleness_p99_ms", "wall_clock_lag_p50_ms.r1", "acked_lost"}) {
    EXPECT_EQ(FindMetric(exact)->resolution.Of(1e6), 0) << exact;
  }
}

TEST(Direction, IsSaidOfMetricsThatThereAre) {
  for (const absl::string_view name : NamesWithDirection()) {
    absl::string_view prefix = name;
    const bool is_prefix = absl::ConsumeSuffix(&prefix, "*");
    size_t found = 0;
    for (const auto* metrics : {&RunMetrics(), &ReplicaMetrics(), &WorstReplicaMetrics()}) {
      for (const Metric& metric : *metrics) {
        found += is_prefix ? absl::StartsWith(metric.name, prefix) : metric.name == name;
      }
    }
    EXPECT_GT(found, 0u) << name;
  }
}

TEST(Direction, IsThatOfTheNumberNotOfItsName) {
  EXPECT_EQ(FindMetric("apply_lag_p99_ms.r1")->better, Direction::kLowerIsBetter);
  EXPECT_EQ(FindMetric("lag.flush.bytes.max")->better, Direction::kLowerIsBetter);
  EXPECT_EQ(FindMetric("per_second")->better, Direction::kHigherIsBetter);
  for (const char* fact : {"attempted", "reads", "wall_clock_lag_p50_ms.r1", "writes_per_flush"}) {
    EXPECT_EQ(FindMetric(fact)->better, Direction::kNeither) << fact;
  }
}

TEST(Headlines, AreMetricsListedOnce) {
  std::set<std::string> names;
  for (const Headline& headline : Headlines()) {
    EXPECT_FALSE(headline.metric.of_replica) << headline.metric.name;
    EXPECT_TRUE(names.insert(headline.metric.name).second) << headline.metric.name;
  }
  EXPECT_TRUE(names.count("acked_lost") && names.count("lag.apply.time.p99"));
}

std::string MistakeIn(absl::string_view test, MetricUnit unit) {
  return std::string(ParseComparison(test, unit).status().message());
}

TEST(ParseComparison, AcceptsNumbersWithTheirUnit) {
  const auto number = [](absl::string_view test, MetricUnit unit) {
    const absl::StatusOr<Comparison> read = ParseComparison(test, unit);
    EXPECT_TRUE(read.ok()) << read.status();
    return read.ok() && read->variant.empty() ? read->number : -1;
  };
  EXPECT_EQ(number("== 0", MetricUnit::kCount), 0);
  EXPECT_EQ(number(">1,000", MetricUnit::kCount), 1000);
  EXPECT_EQ(number(">= 1.5 s", MetricUnit::kMillis), 1500);
  EXPECT_EQ(number("<= 10", MetricUnit::kMillis), 10);
  EXPECT_EQ(number("< 5 %", MetricUnit::kPercent), 5);
  EXPECT_EQ(number("<= 64KiB", MetricUnit::kBytes), 65536);
  EXPECT_EQ(number("== yes", MetricUnit::kYesNo), 1);
  EXPECT_EQ(number("!= false", MetricUnit::kYesNo), 0);
}

TEST(ParseComparison, AcceptsVariants) {
  const absl::StatusOr<Comparison> multiple = ParseComparison("> 2 * any 1", MetricUnit::kMillis);
  ASSERT_TRUE(multiple.ok()) << multiple.status();
  EXPECT_EQ(multiple->kind, Comparison::Kind::kMore);
  EXPECT_EQ(multiple->number, 2);
  EXPECT_EQ(multiple->variant, "any 1");
  const absl::StatusOr<Comparison> same = ParseComparison("==async", MetricUnit::kYesNo);
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_EQ(same->number, 1);
  EXPECT_EQ(same->variant, "async");
}

TEST(ParseComparison, RefusesTestsThatSayNothing) {
  EXPECT_THAT(MistakeIn("0", MetricUnit::kCount),
              AllOf(HasSubstr("does not begin with one of == != < <= > >="),
                    HasSubstr("expected a comparison such as")));
  EXPECT_THAT(MistakeIn("==", MetricUnit::kCount), HasSubstr("has nothing to compare with"));
  EXPECT_THAT(MistakeIn("< 10ms", MetricUnit::kCount),
              HasSubstr("a count and takes a plain number, not ms"));
  for (const char* test : {"< x * sync", "< 2 *", "< * sync", "< 2ms * sync"}) {
    EXPECT_THAT(MistakeIn(test, MetricUnit::kMillis), HasSubstr("a multiple is written NUMBER"));
  }
  for (const char* test : {"=== 0", "< 10 parsecs", "< 1.2.3", "<=> 3", "< -"}) {
    EXPECT_THAT(MistakeIn(test, MetricUnit::kMillis), HasSubstr("number or unit is unknown"));
  }
}

TEST(Suggest, NamesTheNearestAndWhatIsKnown) {
  const std::vector<std::string> known{"replicas", "on_timeout"};
  EXPECT_EQ(Suggest("relicas", known), "; did you mean 'replicas'? (known: replicas, on_timeout)");
  EXPECT_EQ(Suggest("elephants", known), "; known: replicas, on_timeout");
  EXPECT_EQ(DidYouMean("ON-TIMEOUT", known), "; did you mean 'on_timeout'?");
  EXPECT_EQ(DidYouMean("elephants", known), "");
  EXPECT_EQ(DidYouMean("rnu", {"run", "lint"}), "; did you mean 'run'?") << "swapped letters";
  EXPECT_EQ(Suggest("elephants", {}), "");
}

TEST(Comparison, ANumberHasAnUpperBound) {
  EXPECT_THAT(MistakeIn("<= 1000000000000001", MetricUnit::kCount),
              HasSubstr("or whose number is above 1000000000000000"));
  EXPECT_THAT(MistakeIn("> " + std::string(400, '9'), MetricUnit::kMillis),
              HasSubstr("or whose number is above 1000000000000000"));
  EXPECT_THAT(MistakeIn("> 1000000000000001 * sync", MetricUnit::kMillis),
              HasSubstr("a multiple is written NUMBER * VARIANT"));
}

TEST(Format, ASmallNumberHasNoExponent) {
  EXPECT_EQ(MillisText(0.00001), "0.00001 ms");
  EXPECT_EQ(MillisText(-0.000123), "-0.00012 ms");
  EXPECT_EQ(PercentText(0.00003), "0.00003 %");
  EXPECT_EQ(MillisText(0.0004), "0.0004 ms");
}

}  // namespace
}  // namespace replsim::metrics_test
