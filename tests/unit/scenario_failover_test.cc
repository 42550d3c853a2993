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
using testing::Not;

constexpr char kBase[] = "duration: 5s\nworkload: {arrival: {rate: 100/s}}\n";  // two lines

LoadedScenario LoadAll(const std::string& rest) {
  auto loaded = LoadScenarioText(kBase + rest, "t.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? *std::move(loaded) : LoadedScenario();
}
proto::Scenario Load(const std::string& rest) { return LoadAll(rest).scenario; }
proto::Failover FailoverOf(const std::string& rest) { return Load(rest).failover(); }
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

TEST(FailoverWarnings, OfAPromotionThatLastsLongerThanASuspicion) {
  const auto promotes_in = [](const std::string& time, int replicas) {
    return Warnings(absl::StrCat("cluster: {replicas: ", replicas,
                                 "}\nfailover: {preset: raft, promotion_time: ", time, "}\n"));
  };
  EXPECT_THAT(promotes_in("1s", 2),
              HasSubstr("4:26: warning: failover.promotion_time 1s is not below suspect_after 1s: "
                        "another replica may be elected before the promoted one leads"));
  EXPECT_EQ(promotes_in("999ms", 2), "");
  EXPECT_THAT(promotes_in("1s", 1), Not(HasSubstr("promotion_time")));
  EXPECT_EQ(Warnings("replication: {preset: \"postgres:on\"}\n"
                     "failover: {preset: pg_auto_failover}\n"),
            "")
      << "only the member of the set may be elected";
}

}  // namespace
}  // namespace replsim::scenario_failover_test
