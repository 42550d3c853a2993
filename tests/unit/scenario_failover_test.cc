// How the presets of failover set its knobs beside those of every election, and what is refused or
// warned of then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/scenario/scenario.h"
#include "simulator/scenario/units.h"

namespace replsim::scenario_failover_test {
namespace {

using testing::HasSubstr;

constexpr char kBase[] = "duration: 5s\nworkload: {arrival: {rate: 100/s}}\n";  // two lines

LoadedScenario LoadAll(const std::string& rest) {
  auto loaded = LoadScenarioText(kBase + rest, "t.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? *std::move(loaded) : LoadedScenario();
}
proto::Scenario Load(const std::string& rest) { return LoadAll(rest).scenario; }
proto::Failover FailoverOf(const std::string& rest) { return Load(rest).failover(); }
std::string RefusalOfFailover(const std::string& failover, const std::string& rest = "") {
  const auto loaded =
      LoadScenarioText(kBase + ("failover: {" + failover + "}\n") + rest, "t.yaml", {}, {});
  return loaded.ok() ? "accepted" : std::string(loaded.status().message());
}
std::string Warnings(const std::string& rest) { return WarningsText(LoadAll(rest)); }

TEST(FailoverPresets, APresetMaySetThePromotionTimeAndTheWitnesses) {
  const std::string monitor =
      "replication: {preset: \"postgres:on\", scale_times: 0.1}\n"
      "failover: {preset: pg_auto_failover";
  const proto::Scenario scenario = Load(monitor + "}\n");
  EXPECT_EQ(ToText(scenario.failover().promotion_time()), "3s") << "not that of PostgreSQL";
  EXPECT_EQ(ToText(scenario.failover().lose_lead().without()), "any 2");
  EXPECT_EQ(scenario.cluster().witnesses(), 1u);
  EXPECT_EQ(ToText(FailoverOf(monitor + ", promotion_time: 0s}\n").promotion_time()), "0s");
  EXPECT_EQ(Load(monitor + "}\ncluster: {witnesses: 3}\n").cluster().witnesses(), 3u);
}

TEST(SuspectTogether, NeedsObserversThatAreAsked) {
  const proto::Failover failover =
      FailoverOf("failover: {preset: raft, suspect_together: any 2}\n");
  EXPECT_EQ(ToText(failover.suspect_together()), "any 2");
  EXPECT_EQ(failover.observers(), proto::ALL_OBSERVERS);
  EXPECT_FALSE(FailoverOf("failover: {preset: raft}\n").has_suspect_together());
  EXPECT_THAT(RefusalOfFailover("suspect_together: any 2"),
              HasSubstr("failover.suspect_together has no effect, because the nodes elect no"));
  EXPECT_THAT(RefusalOfFailover("preset: raft, suspect_together: any 3"),
              HasSubstr("needs 3 nodes; the cluster has 2 beside the primary"));
  EXPECT_THAT(RefusalOfFailover("preset: raft, suspect_together: any 2, observers: witnesses",
                                "cluster: {witnesses: 1}\n"),
              HasSubstr("needs 2 nodes; the cluster has 1 witnesses, and only they observe"));
  EXPECT_THAT(RefusalOfFailover("preset: raft, suspect_together: all, observers: witnesses"),
              HasSubstr("failover.observers witnesses counts only suspicions of witnesses, and the "
                        "cluster has none"));
  EXPECT_THAT(RefusalOfFailover("preset: raft, observers: all"),
              HasSubstr("failover.observers has no effect without failover.suspect_together"));
  EXPECT_THAT(RefusalOfFailover("preset: raft, suspect_together: all, pre_vote: false"),
              HasSubstr("failover.suspect_together has no effect with pre_vote false"));
}

TEST(FailoverWarnings, OfASuspicionThatOneNodeDecidesAlone) {
  const auto together = [](const std::string& set) {
    return Warnings("failover: {preset: raft, suspect_together: " + set + "}\n");
  };
  EXPECT_THAT(
      together("any 1"),
      HasSubstr("3:26: warning: failover.suspect_together any 1 of 2 observers: a node that "
                "alone cannot reach a healthy primary may depose it"));
  EXPECT_EQ(together("any 2"), "");
  EXPECT_EQ(together("all"), "");
}

}  // namespace
}  // namespace replsim::scenario_failover_test
