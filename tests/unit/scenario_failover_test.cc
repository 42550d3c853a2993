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

using testing::ElementsAre;
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

TEST(Initiator, AWitnessNeedsTheVotesOfWitnessesAndNoLease) {
  EXPECT_EQ(FailoverOf("failover: {preset: raft}\n").initiator(), proto::BY_CANDIDATE);
  EXPECT_EQ(RefusalOfFailover("suspect_after: 1s, initiator: witness, voters: witnesses"),
            "accepted");
  EXPECT_THAT(RefusalOfFailover("initiator: witness"),
              HasSubstr("failover.initiator has no effect, because the nodes elect no primary"));
  EXPECT_THAT(
      RefusalOfFailover("preset: raft, initiator: witness"),
      HasSubstr("failover.initiator witness lets the witnesses elect one of them that picks "
                "the primary; expected voters: witnesses"));
  EXPECT_THAT(RefusalOfFailover("preset: patroni, initiator: witness"),
              HasSubstr("failover.initiator witness with a lease is not possible"));
  EXPECT_THAT(RefusalOfFailover("preset: pg_auto_failover, initiator: witness",
                                "replication: {preset: \"postgres:on\"}\n"),
              HasSubstr("failover.initiator witness with a grant_rule of the in-sync set is not"));
}

TEST(Initiator, PriorityNamesNodesThatAWitnessPrefers) {
  const proto::Failover failover = FailoverOf("failover: {preset: sentinel, priority: [r2, r1]}\n");
  EXPECT_THAT(failover.priority(), ElementsAre("r2", "r1"));
  EXPECT_THAT(RefusalOfFailover("preset: raft, priority: r1"),
              HasSubstr("failover.priority has no effect without initiator witness or "
                        "takeover_after"));
  EXPECT_THAT(RefusalOfFailover("preset: sentinel, priority: r7"),
              HasSubstr("failover.priority names unknown node 'r7'"));
  EXPECT_THAT(RefusalOfFailover("preset: sentinel, priority: [r1, r1]"),
              HasSubstr("failover.priority names 'r1' twice"));
  EXPECT_THAT(RefusalOfFailover("preset: sentinel, priority: r1, never_leads: r1"),
              HasSubstr("failover.priority and never_leads both name 'r1'"));
}

TEST(Takeover, NeedsTheNodesThatTakeTheLeadBack) {
  const proto::Failover failover =
      FailoverOf("failover: {preset: raft, priority: [p, r1], takeover_after: 30s}\n");
  EXPECT_THAT(failover.priority(), ElementsAre("p", "r1"));
  EXPECT_EQ(ToText(failover.takeover_after()), "30s");
  EXPECT_THAT(RefusalOfFailover("preset: raft, takeover_after: 30s"),
              HasSubstr("failover.takeover_after has no effect without failover.priority"));
  EXPECT_THAT(RefusalOfFailover("preset: raft, priority: [p], takeover_after: 0s"),
              HasSubstr("failover.takeover_after is zero"));
  EXPECT_THAT(RefusalOfFailover("takeover_after: 1s"),
              HasSubstr("because the nodes elect no primary"));
}

TEST(LagMax, IsThatOfPatroniUnlessTheScenarioSetsIt) {
  EXPECT_EQ(ToText(FailoverOf("failover: {preset: patroni}\n").lag_max()), "1MiB");
  const proto::Failover none = FailoverOf("failover: {preset: patroni, lag_max: 0}\n");
  EXPECT_TRUE(none.has_lag_max());
  EXPECT_EQ(none.lag_max().bytes(), 0u);
  EXPECT_FALSE(FailoverOf("failover: {preset: raft}\n").has_lag_max());
  EXPECT_THAT(RefusalOfFailover("lag_max: 1MiB"), HasSubstr("because the nodes elect no primary"));
  EXPECT_THAT(RefusalOfFailover("preset: raft, lag_max: many"), HasSubstr("t.yaml:3:"));
}

TEST(FailoverPresets, MaySetHowOftenThePrimaryIsHeard) {
  const auto interval = [](const std::string& rest) {
    return ToText(Load("replication: {preset: \"redis:default\", scale_times: 0.1}\n"
                       "failover: {preset: sentinel}\n" +
                       rest)
                      .cluster()
                      .heartbeat()
                      .interval());
  };
  EXPECT_EQ(interval(""), "100ms") << "a tenth of 1 s; a fifth of suspect_after is 600 ms";
  EXPECT_EQ(interval("cluster: {heartbeat: {interval: 300ms}}\n"), "300ms");
}

TEST(FailoverPresets, OfSentinelAndOrchestratorLetWitnessesPick) {
  const proto::Scenario sentinel = Load("failover: {preset: sentinel}\n");
  EXPECT_EQ(sentinel.failover().initiator(), proto::BY_WITNESS);
  EXPECT_EQ(sentinel.failover().observers(), proto::WITNESSES_OBSERVE);
  EXPECT_EQ(ToText(sentinel.failover().suspect_together()), "any 2");
  EXPECT_EQ(sentinel.cluster().witnesses(), 3u);
  const proto::Failover orchestrator =
      FailoverOf("replication: {scale_times: 0.1}\nfailover: {preset: orchestrator}\n");
  EXPECT_EQ(ToText(orchestrator.suspect_together()), "all");
  EXPECT_EQ(ToText(orchestrator.quiet_period()), "360s");
  EXPECT_EQ(ToText(FailoverOf("failover: {preset: sentinel, quiet_period: 0s}\n").quiet_period()),
            "0s");
}

}  // namespace
}  // namespace replsim::scenario_failover_test
