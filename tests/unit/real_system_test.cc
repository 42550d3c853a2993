// cluster.system: what a real system refuses, with its place, and what the knobs mean for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/cluster/systems/redis_settings.h"
#include "simulator/scenario/scenario.h"

namespace replsim::real_system_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

absl::StatusOr<LoadedScenario> TryLoad(const std::string& rest,
                                       const std::vector<std::string>& varies = {}) {
  return LoadScenarioText("duration: 5s\nworkload: {arrival: {rate: 100/s}}\n" + rest, "t.yaml", {},
                          varies);
}
std::string RefusalOf(const std::string& rest) {
  const auto loaded = TryLoad(rest);
  return loaded.ok() ? "accepted" : std::string(loaded.status().message());
}
std::string Redis(const std::string& replication, const std::string& cluster = "") {
  return absl::StrCat("cluster: {system: redis", cluster, "}\nreplication: {", replication, "}\n");
}
RedisSettings SettingsOf(const std::string& rest) {
  const auto loaded = TryLoad(rest);
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? RedisSettingsOf(loaded->scenario) : RedisSettings();
}
std::string Lines(const RedisSettings& settings) {
  return absl::StrJoin(settings.lines, "\n", [](std::string* out, const auto& line) {
    absl::StrAppend(out, line.first, " ", line.second);
  });
}

TEST(RealSystem, ThePresetsOfRedisRunOnRedis) {
  EXPECT_EQ(RefusalOf(Redis("preset: \"redis:default\"")), "accepted");
  EXPECT_EQ(RefusalOf(Redis("preset: \"redis:wait1\"")), "accepted");
}

TEST(RealSystem, AMissingAcknowledgementNamesTheNearestOneAndItsPlace) {
  EXPECT_THAT(RefusalOf(Redis("preset: \"redis:default\", ack_after: replica-receive")),
              AllOf(HasSubstr("t.yaml:4:"), HasSubstr("nearest is replica-apply (WAIT)")));
  EXPECT_THAT(RefusalOf(Redis("preset: \"redis:waitaof\"")), HasSubstr("WAITAOF is 7.2"));
  EXPECT_THAT(RefusalOf(Redis("preset: \"redis:wait1\", sync_set: first 1")),
              HasSubstr("nearest is any K"));
  EXPECT_THAT(RefusalOf(Redis("preset: \"redis:wait1\", on_timeout: reject")),
              HasSubstr("nearest is on_timeout: unknown"));
  EXPECT_THAT(RefusalOf(Redis("preset: \"postgres:on\"")), HasSubstr("row locks"));
}

TEST(RealSystem, AFaultThatServersCannotHaveIsRefused) {
  EXPECT_THAT(RefusalOf(Redis("preset: \"redis:default\"") +
                        "faults: [{when: {at: 1s}, do: power-loss, node: p}]\n"),
              AllOf(HasSubstr("t.yaml:5:"), HasSubstr("power-loss"), HasSubstr("redis")));
  EXPECT_THAT(RefusalOf(Redis("preset: \"redis:default\"") + "failover: {preset: sentinel}\n"),
              HasSubstr("do: promote"));
}

TEST(RealSystem, SettingsPassThroughUnlessAKnobDecidesThem) {
  const std::string preset = "preset: \"redis:default\"";
  EXPECT_THAT(Lines(SettingsOf(Redis(preset, ", settings: {min-replicas-to-write: 1}"))),
              HasSubstr("min-replicas-to-write 1"));
  EXPECT_THAT(RefusalOf(Redis(preset, ", settings: {appendfsync: always}")),
              AllOf(HasSubstr("t.yaml:3:"), HasSubstr("appendfsync")));
  EXPECT_THAT(RefusalOf(Redis(preset, ", settings: {\"a b\": always}")),
              HasSubstr("not the name of a setting"));
  EXPECT_THAT(RefusalOf("cluster: {settings: {appendfsync: always}}\n"),
              HasSubstr("those of a real server"));
}

TEST(RealSystem, KnobsBecomeRedisSettings) {
  const RedisSettings plain = SettingsOf(Redis("preset: \"redis:default\""));
  EXPECT_THAT(Lines(plain), AllOf(HasSubstr("appendfsync everysec"), HasSubstr("repl-timeout 60"),
                                  HasSubstr("repl-ping-replica-period 10")));
  EXPECT_FALSE(plain.wait.has_value());
  const RedisSettings wait = SettingsOf(Redis("preset: \"redis:wait1\", timeout: 250ms",
                                              ", replicas: 4, durability: {sync: every-batch}"));
  EXPECT_THAT(Lines(wait), HasSubstr("appendfsync always"));
  ASSERT_TRUE(wait.wait.has_value());
  EXPECT_EQ(wait.wait->replicas, 1u);
  EXPECT_EQ(wait.wait->timeout_ms, 250);
  const RedisSettings all = SettingsOf(
      Redis("preset: \"redis:wait1\", sync_set: all, on_timeout: block", ", replicas: 4"));
  EXPECT_EQ(all.wait->replicas, 4u);
  EXPECT_EQ(all.wait->timeout_ms, 0);
  const RedisSettings majority =
      SettingsOf(Redis("preset: \"redis:wait1\", sync_set: majority", ", replicas: 4"));
  EXPECT_EQ(majority.wait->replicas, 2u);
}

TEST(RealSystem, ModelAndRealityVaryInOneFile) {
  const auto loaded =
      TryLoad("replication: {preset: \"redis:wait1\"}\n", {"cluster.system=replsim,redis"});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  ASSERT_EQ(loaded->variants.size(), 2u);
  EXPECT_EQ(loaded->variants[0].scenario.cluster().system(), proto::REPLSIM);
  EXPECT_EQ(loaded->variants[1].scenario.cluster().system(), proto::REDIS);
  const auto again = LoadScenarioText(ToYaml(*loaded), "again.yaml", {}, {});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->variants[1].name, "redis");
}

TEST(RealSystem, TheScenarioOfARunKeepsItsSettings) {
  const auto loaded = TryLoad(Redis("preset: \"redis:default\"",
                                    ", settings: {client-output-buffer-limit: replica 0 0 0}"));
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const auto again = LoadScenarioText(ToYaml(loaded->variants[0]), "again.yaml", {}, {});
  ASSERT_TRUE(again.ok()) << again.status();
  ASSERT_EQ(again->scenario.cluster().settings_size(), 1);
  EXPECT_EQ(again->scenario.cluster().settings(0).value(), "replica 0 0 0");
}

}  // namespace
}  // namespace replsim::real_system_test
