// The forms of a link in a scenario: each is read, written so that it reads back, and refused at
// its place if it has no meaning.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "simulator/scenario/scenario.h"
#include "simulator/scenario/write_yaml.h"

namespace replsim::scenario_links_test {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kBase[] = "duration: 5s\nworkload: {arrival: {rate: 100/s}}\n";  // two lines

// On the fourth line, from column 23.
std::string WithLink(absl::string_view settings) {
  return absl::StrCat(kBase, "network:\n  - {from: p, to: r1, ", settings, "}\n");
}

std::string Refusal(const std::string& text, const std::vector<std::string>& sets = {}) {
  const auto loaded = LoadScenarioText(text, "t.yaml", sets, {});
  return loaded.ok() ? "accepted" : std::string(loaded.status().message());
}
std::string RefusalOf(absl::string_view settings) { return Refusal(WithLink(settings)); }

proto::Scenario Load(const std::string& text, const std::vector<std::string>& sets = {}) {
  const auto loaded = LoadScenarioText(text, "t.yaml", sets, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->scenario : proto::Scenario();
}
proto::Link LoadLink(absl::string_view settings) {
  const proto::Scenario scenario = Load(WithLink(settings));
  return scenario.network().empty() ? proto::Link() : scenario.network(0);
}

constexpr char kMixture[] =
    "{mixture: [{share: 0.9122, pareto: {min: 235us, shape: 10}}, "
    "{share: 0.0878, exponential: {mean: 1666us}, plus: 1ms}], plus: 75ms}";

constexpr char kMeasured[] =
    "{plus: 75ms, quantiles: [{at: 0, is: 90us}, {at: 0.5, is: 120us}, {at: 1, is: 4ms}]}";

TEST(ScenarioLinks, ADurationIsAConstantDelay) {
  const proto::Link link = LoadLink("delay: 20ms");
  EXPECT_EQ(link.delay().plus().ns(), 20'000'000);
  EXPECT_EQ(link.jitter().ns(), 0);
  EXPECT_EQ(LoadLink("jitter: 1ms").delay().plus().ns(), 0);
}

TEST(ScenarioLinks, ADelayMayBeADistribution) {
  const proto::Delay uniform = LoadLink("delay: {uniform: {min: 5ms, max: 9ms}}").delay();
  EXPECT_EQ(uniform.uniform().min().ns(), 5'000'000);
  EXPECT_EQ(uniform.uniform().max().ns(), 9'000'000);
  const proto::Delay normal = LoadLink("delay: {normal: {mean: 20ms, deviation: 3ms}}").delay();
  EXPECT_EQ(normal.normal().deviation().ns(), 3'000'000);
  const proto::Delay pareto = LoadLink("delay: {pareto: {min: 0.235ms, shape: 10}}").delay();
  EXPECT_EQ(pareto.pareto().min().ns(), 235'000);
  EXPECT_EQ(pareto.pareto().shape(), 10);
  const proto::Delay mixture = LoadLink(absl::StrCat("delay: ", kMixture)).delay();
  ASSERT_EQ(mixture.mixture_size(), 2);
  EXPECT_EQ(mixture.mixture(0).share(), 0.9122);
  EXPECT_EQ(mixture.mixture(1).exponential().mean().ns(), 1'666'000);
  EXPECT_EQ(mixture.plus().ns(), 75'000'000);
}

TEST(ScenarioLinks, EveryFormReadsBackAsItIsWritten) {
  for (const std::string delay :
       {"0s", "20ms", "{uniform: {min: 5ms, max: 9ms}}", "{normal: {mean: 20ms, deviation: 3ms}}",
        "{exponential: {mean: 2ms}, plus: 75ms}", "{pareto: {min: 235us, shape: 1.5}}", kMixture,
        kMeasured}) {
    const std::string fault = absl::StrCat(
        "faults:\n  - {when: {at: 1s}, do: set-link, from: p, to: r1, delay: ", delay, "}\n");
    const proto::Scenario scenario = Load(WithLink("delay: " + delay) + fault);
    const std::string written = WriteYaml(scenario);
    EXPECT_THAT(written, HasSubstr("{from: p, to: r1, delay: " + delay + ", jitter: 0s}"));
    EXPECT_TRUE(MessageDifferencer::Equals(Load(written), scenario)) << written;
  }
}

TEST(ScenarioLinks, AFlagReplacesADelayOrSetsAPartOfIt) {
  const std::string text = WithLink("delay: {exponential: {mean: 2ms}}");
  EXPECT_EQ(Load(text, {"network[0].delay=20ms"}).network(0).delay().plus().ns(), 20'000'000);
  EXPECT_EQ(Load(text, {"network[0].delay={pareto: {min: 1ms, shape: 2}}"})
                .network(0)
                .delay()
                .pareto()
                .shape(),
            2);
  const proto::Scenario part = Load(text, {"network[0].delay.exponential.mean=3ms"});
  EXPECT_EQ(part.network(0).delay().exponential().mean().ns(), 3'000'000);
  EXPECT_EQ(Refusal(text, {"network[0].delay={pareto: {min: 1ms, shape: 0}}"}),
            "--set network[0].delay={pareto: {min: 1ms, shape: 0}}: network[0].delay.pareto.shape "
            "is 0; expected 0.01 to 1000");
}

TEST(ScenarioLinks, WhatCannotBeDrawnFromIsRefusedAtItsPlace) {
  EXPECT_EQ(RefusalOf("delay: {uniform: {min: 9ms, max: 5ms}}"),
            "t.yaml:4:41: network[0].delay.uniform.min is 9ms, which is more than max, 5ms");
  EXPECT_EQ(RefusalOf("delay: {uniform: {min: 9ms}}"),
            "t.yaml:4:31: network[0].delay.uniform has no 'max'; expected e.g. 9ms");
  EXPECT_EQ(RefusalOf("delay: {pareto: {min: 1ms, shape: -1}}"),
            "t.yaml:4:50: network[0].delay.pareto.shape is -1; expected 0.01 to 1000");
  EXPECT_EQ(RefusalOf("delay: {mixture: [{share: 0, plus: 1ms}]}"),
            "t.yaml:4:42: network[0].delay.mixture[0].share is 0; expected a number above 0 "
            "and at most 1000000");
  EXPECT_THAT(RefusalOf("delay: {mixture: [{plus: 1ms}]}"), HasSubstr("has no 'share'"));
  EXPECT_THAT(RefusalOf("delay: {mixture: [1ms]}"), HasSubstr("has no 'share'"));
  EXPECT_THAT(RefusalOf("delay: {share: 1, plus: 1ms}"), HasSubstr("does not use 'share'"));
}

TEST(ScenarioLinks, QuantilesGoFromTheShortestToTheLongest) {
  const auto refusal = [](absl::string_view list) {
    return RefusalOf(absl::StrCat("delay: {quantiles: ", list, "}"));
  };
  EXPECT_EQ(refusal("[{at: 0, is: 1ms}, {at: 0.5, is: 900us}, {at: 1, is: 2ms}]"),
            "t.yaml:4:71: network[0].delay.quantiles[1].is is 900us; expected at least 1ms, the "
            "entry before it");
  EXPECT_THAT(refusal("[{at: 0, is: 1ms}, {at: 0, is: 1ms}, {at: 1, is: 2ms}]"),
              HasSubstr("quantiles[1].at is 0; expected more than 0, the entry before it"));
  EXPECT_THAT(refusal("[{at: 0.1, is: 1ms}, {at: 1, is: 2ms}]"),
              HasSubstr("quantiles[0].at is 0.1; expected 0 for the first entry"));
  EXPECT_THAT(refusal("[{at: 0, is: 1ms}, {at: 0.99, is: 2ms}]"),
              HasSubstr("quantiles[1].at is 0.99; expected 1 for the last entry"));
  EXPECT_THAT(refusal("[{at: 0, is: 1ms}]"), HasSubstr("quantiles has one entry"));
  EXPECT_THAT(refusal("[{at: 0}, {at: 1, is: 2ms}]"), HasSubstr("quantiles[0] has no 'is'"));
  EXPECT_THAT(refusal("[{is: 1ms}, {at: 1, is: 2ms}]"), HasSubstr("quantiles[0] has no 'at'"));
}

TEST(ScenarioLinks, TheShortestQuantileCountsForTheHeartbeat) {
  const std::string slow = "delay: {quantiles: [{at: 0, is: 600ms}, {at: 1, is: 700ms}]}";
  const std::string both = absl::StrCat(WithLink(slow), "  - {from: r1, to: p, ", slow, "}\n");
  EXPECT_THAT(Refusal(both), HasSubstr("a round trip between"));
}

TEST(ScenarioLinks, JitterCountsForTheHeartbeatByHalf) {
  EXPECT_THAT(
      RefusalOf("delay: 1ms, jitter: 1h"),
      HasSubstr("a round trip between p and r1 of about 1800001ms is not below cluster.heartbeat"));
  EXPECT_EQ(RefusalOf("delay: 1ms, jitter: 1900ms"), "accepted");
}

TEST(ScenarioLinks, ShapesAndSharesHaveBounds) {
  EXPECT_THAT(RefusalOf("delay: {pareto: {min: 1ms, shape: 1001}}"),
              HasSubstr("pareto.shape is 1001; expected 0.01 to 1000"));
  EXPECT_THAT(RefusalOf("delay: {pareto: {min: 1ms, shape: 0.001}}"),
              HasSubstr("pareto.shape is 0.001; expected 0.01 to 1000"));
  EXPECT_THAT(RefusalOf("delay: {mixture: [{share: 1e300, plus: 1ms}]}"),
              HasSubstr("expected a number above 0 and at most 1000000"));
}

TEST(ScenarioLinks, ADelayHasAtMostOneDistribution) {
  EXPECT_EQ(RefusalOf("delay: {exponential: {mean: 1ms}, pareto: {min: 1ms, shape: 2}}"),
            "t.yaml:4:23: network[0].delay has several distributions; expected one of uniform, "
            "normal, exponential, pareto, mixture, quantiles");
  EXPECT_THAT(RefusalOf("delay: {}"), HasSubstr("t.yaml:4:23: network[0].delay is empty"));
  EXPECT_THAT(RefusalOf("delay: {mixture: []}"), HasSubstr("is empty"));
  EXPECT_THAT(RefusalOf("delay: {gamma: {mean: 1ms}}"),
              HasSubstr("t.yaml:4:31: unknown key 'gamma' in network[0].delay"));
  EXPECT_THAT(RefusalOf("delay: [1ms]"),
              HasSubstr("read a list for network[0].delay; expected a duration such as 20ms, or"));
  EXPECT_THAT(RefusalOf("delay: 20"), HasSubstr("'20' has no unit"));
}

TEST(ScenarioLinks, ABandwidthStandsAloneOrBesideADelay) {
  const proto::Scenario scenario = Load(WithLink("bandwidth: 12.5MB/s"));
  const proto::Link& link = scenario.network(0);
  EXPECT_EQ(link.bandwidth().bits_per_second(), 100'000'000u);
  EXPECT_EQ(link.delay().plus().ns(), 0);
  EXPECT_TRUE(link.has_jitter());
  EXPECT_THAT(WriteYaml(scenario), HasSubstr("delay: 0s, jitter: 0s, bandwidth: 100Mbit/s}"));
  EXPECT_TRUE(MessageDifferencer::Equals(Load(WriteYaml(scenario)), scenario));
  EXPECT_FALSE(LoadLink("delay: 20ms").has_bandwidth());
}

TEST(ScenarioLinks, ABandwidthHasAUnitAndLetsSomethingThrough) {
  EXPECT_EQ(RefusalOf("bandwidth: 100"),
            "t.yaml:4:34: network[0].bandwidth: '100' has no unit; expected a bandwidth such as "
            "100Mbit/s, 512kbit/s or 12.5MB/s");
  EXPECT_THAT(RefusalOf("bandwidth: 100Mbps"), HasSubstr("has the unknown unit 'Mbps'"));
  EXPECT_THAT(RefusalOf("bandwidth: 0Mbit/s"),
              HasSubstr("t.yaml:4:23: network[0].bandwidth is zero"));
  const std::string partition = "faults:\n  - {when: {at: 1s}, do: partition, from: p, to: r1, ";
  EXPECT_THAT(Refusal(kBase + partition + "bandwidth: 1kB/s}\n"),
              HasSubstr("faults[0] (partition) does not use 'bandwidth'"));
}

constexpr char kGroups[] = "cluster: {groups: {east: [p, r1], west: [r2, client]}}\n";  // line 3

TEST(ScenarioLinks, AGroupStandsForItsNodes) {
  const std::string text =
      absl::StrCat(kBase, kGroups, "network:\n  - {from: east, to: [west], delay: 20ms}\nfaults:\n",
                   "  - {when: {at: 1s}, do: partition, from: [east, r1], to: west}\n");
  const proto::Scenario scenario = Load(text);
  EXPECT_THAT(scenario.network(0).from(), ElementsAre("p", "r1"));
  EXPECT_THAT(scenario.network(0).to(), ElementsAre("r2", "client"));
  EXPECT_THAT(scenario.faults(0).from(), ElementsAre("p", "r1")) << "r1 is in east already";
  EXPECT_THAT(scenario.faults(0).to(), ElementsAre("r2", "client"));
  EXPECT_THAT(WriteYaml(scenario),
              HasSubstr("  groups:\n    east: [p, r1]\n    west: [r2, client]\n"));
  EXPECT_TRUE(MessageDifferencer::Equals(Load(WriteYaml(scenario)), scenario));
}

TEST(ScenarioLinks, AGroupHasANameOfItsOwnAndNodesThatThereAre) {
  EXPECT_EQ(Refusal(absl::StrCat(kBase, "cluster: {groups: {r1: [p]}}\n")),
            "t.yaml:3:20: group 'r1' has the name of a node; expected a different name");
  EXPECT_EQ(Refusal(absl::StrCat(kBase, "cluster: {groups: {east: []}}\n")),
            "t.yaml:3:20: group 'east' is empty; expected node ids, e.g. [p, r1]");
  EXPECT_THAT(Refusal(absl::StrCat(kBase, "cluster: {groups: {east: [p, r3]}}\n")),
              HasSubstr("t.yaml:3:20: unknown node 'r3' in group 'east'; did you mean"));
  EXPECT_THAT(Refusal(absl::StrCat(kBase, "cluster: {groups: [p]}\n")), HasSubstr("a map"));
  const std::string link = "network:\n  - {from: east, to: esat, delay: 1ms}\n";
  EXPECT_THAT(Refusal(absl::StrCat(kBase, kGroups, link)),
              HasSubstr("unknown node 'esat'; did you mean 'east'"));
  const std::string itself = "network:\n  - {from: east, to: r1, delay: 1ms}\n";
  EXPECT_THAT(Refusal(absl::StrCat(kBase, kGroups, itself)),
              HasSubstr("'r1' is on both sides; a link connects two nodes"));
}

TEST(ScenarioLinks, AFaultsDelayIsCheckedAsWell) {
  EXPECT_EQ(Refusal(absl::StrCat(kBase,
                                 "faults:\n  - {when: {at: 1s}, do: set-link, from: p, to: r1, "
                                 "delay: {normal: {mean: 1ms}}}\n")),
            "t.yaml:4:61: faults[0].delay.normal has no 'deviation'; expected e.g. 3ms");
}

}  // namespace
}  // namespace replsim::scenario_links_test
