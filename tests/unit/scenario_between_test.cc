// Links of `network` that are given for both directions at once.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/scenario/scenario.h"

namespace replsim {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The link is on the third line.
std::string WithLinks(absl::string_view links) {
  return absl::StrCat(
      "duration: 5s\nworkload: {arrival: {rate: 1/s}}\nnetwork: [", links,
      "]\ncluster: {replicas: 3, groups: {east: [p, r1], west: [r2, r3], desk: [client]}}\n");
}

proto::Scenario Load(const std::string& text, const std::vector<std::string>& sets = {}) {
  const auto loaded = LoadScenarioText(text, "t.yaml", sets, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->variants[0].scenario : proto::Scenario();
}

std::string Refusal(absl::string_view links) {
  const auto loaded = LoadScenarioText(WithLinks(links), "t.yaml", {}, {});
  return loaded.ok() ? "accepted" : std::string(loaded.status().message());
}

// "p > r1 400us"
std::vector<std::string> LinksOf(const proto::Scenario& scenario) {
  std::vector<std::string> links;
  for (const proto::Link& link : scenario.network()) {
    EXPECT_TRUE(link.between().empty());
    EXPECT_FALSE(link.has_rtt());
    links.push_back(absl::StrCat(absl::StrJoin(link.from(), " "), " > ",
                                 absl::StrJoin(link.to(), " "), " ",
                                 link.delay().plus().ns() / 1000, "us"));
  }
  return links;
}

TEST(Between, SetsHalfOfTheRoundTripEachWay) {
  EXPECT_THAT(LinksOf(Load(WithLinks("{between: [p, r1], rtt: 0.8ms}"))),
              ElementsAre("p > r1 400us", "r1 > p 400us"));
  EXPECT_THAT(LinksOf(Load(WithLinks("{between: [p, client], delay: 2ms}"))),
              ElementsAre("p > client 2000us", "client > p 2000us"));
}

TEST(Between, SetsEverythingElseInBothDirections) {
  const proto::Scenario scenario =
      Load(WithLinks("{between: [p, r1], rtt: 2ms, jitter: 1ms, bandwidth: 1MB/s, loss: 0.01}"));
  ASSERT_EQ(scenario.network_size(), 2);
  for (const proto::Link& link : scenario.network()) {
    EXPECT_EQ(link.jitter().ns(), 1'000'000);
    EXPECT_EQ(link.bandwidth().bits_per_second(), 8'000'000u);
    EXPECT_EQ(link.loss(), 0.01);
  }
}

TEST(Between, TakesGroupsAndMoreThanTwoEnds) {
  EXPECT_THAT(LinksOf(Load(WithLinks("{between: [east, west], rtt: 20ms}"))),
              ElementsAre("p r1 > r2 r3 10000us", "r2 r3 > p r1 10000us"));
  EXPECT_THAT(LinksOf(Load(WithLinks("{between: [p, r1, west], rtt: 2ms}"))),
              ElementsAre("p > r1 r2 r3 1000us", "r1 > p r2 r3 1000us", "r2 r3 > p r1 1000us"));
}

TEST(Between, IsOverriddenByWhatComesAfterIt) {
  EXPECT_THAT(
      LinksOf(Load(WithLinks("{between: [p, r1], rtt: 2ms}, {from: r1, to: p, delay: 9ms}"))),
      ElementsAre("p > r1 1000us", "r1 > p 1000us", "r1 > p 9000us"));
}

TEST(Between, CanBeSet) {
  const std::string text = WithLinks("{between: [p, r1], rtt: 2ms}");
  EXPECT_THAT(LinksOf(Load(text, {"network[0].rtt=6ms"})),
              ElementsAre("p > r1 3000us", "r1 > p 3000us"));
  EXPECT_THAT(LinksOf(Load(text, {"network=[{between: [p, r2], rtt: 1ms}]"})),
              ElementsAre("p > r2 500us", "r2 > p 500us"));
}

TEST(Between, IsReadAgainFromTheResolvedScenario) {
  const auto loaded =
      LoadScenarioText(WithLinks("{between: [p, r1], rtt: 0.8ms}"), "t.yaml", {}, {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const proto::Scenario again = Load(ToYaml(*loaded));
  EXPECT_TRUE(MessageDifferencer::Equals(again, loaded->variants[0].scenario)) << ToYaml(*loaded);
  const auto varied = LoadScenarioText(WithLinks("{between: [p, r1], rtt: 0.8ms}"), "t.yaml", {},
                                       {"network[0].rtt=1ms,3ms"});
  ASSERT_TRUE(varied.ok()) << varied.status();
  const auto reread = LoadScenarioText(ToYaml(*varied), "t.yaml", {}, {});
  ASSERT_TRUE(reread.ok()) << reread.status() << ToYaml(*varied);
  EXPECT_THAT(LinksOf(reread->variants[1].scenario), ElementsAre("p > r1 1500us", "r1 > p 1500us"));
}

TEST(Between, RefusesWhatContradictsItself) {
  EXPECT_EQ(Refusal("{between: [p, r1], from: p, rtt: 1ms}"),
            "t.yaml:3:12: network[0] has both 'between' and 'from' or 'to'; expected 'between' for "
            "both directions, or 'from' and 'to' for one");
  EXPECT_THAT(Refusal("{between: [p, r1], rtt: 1ms, delay: 1ms}"),
              HasSubstr("t.yaml:3:30: network[0] has both rtt and delay"));
  EXPECT_THAT(Refusal("{from: p, to: r1, rtt: 1ms}"),
              HasSubstr("t.yaml:3:29: network[0].rtt is of both directions"));
}

TEST(Between, RefusesEndsThatAreNone) {
  EXPECT_THAT(Refusal("{between: p, rtt: 1ms}"), HasSubstr("network[0].between has one end"));
  EXPECT_THAT(Refusal("{between: [p, r9], rtt: 1ms}"), HasSubstr("unknown node 'r9'"));
  EXPECT_THAT(Refusal("{between: [east, r1], rtt: 1ms}"),
              HasSubstr("'r1' is at two ends of network[0].between"));
  EXPECT_THAT(Refusal("{rtt: 1ms}"), HasSubstr("network[0] has no 'from'"));
  EXPECT_THAT(Refusal("{between: [p, r1]}"), HasSubstr("network[0] sets nothing"));
}

TEST(Between, IsHeldToTheBoundsOfEveryLink) {
  EXPECT_THAT(Refusal("{between: [p, r1], rtt: -1ms}"), HasSubstr("'-1ms' is negative"));
  EXPECT_THAT(Refusal("{between: [p, r1], rtt: 1}"), HasSubstr("has no unit"));
  EXPECT_THAT(Refusal("{between: [p, r1], rtt: 2s}"),
              HasSubstr("a round trip between p and r1 of 2s is not below"));
  EXPECT_THAT(Refusal("{between: [p, r1], rtt: 1ms, loss: 1}"),
              HasSubstr("network[0].loss is 1; expected a probability"));
}

}  // namespace
}  // namespace replsim
