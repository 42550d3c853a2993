// The smallest scenario that still fails, with predicates in place of runs.
#include <gmock/gmock.h>

#include <algorithm>

#include "simulator/explore/ddmin.h"
#include "simulator/explore/draw.h"
#include "simulator/explore/shrink.h"
#include "tests/unit/explore_fixture.h"

namespace replsim::explore_shrink_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Subset = std::vector<size_t>;

bool Holds(const Subset& subset, size_t element) {
  return std::find(subset.begin(), subset.end(), element) != subset.end();
}

TEST(MinimalSubset, FindsTheElementsThatMatterTogether) {
  int asked = 0;
  const Subset found = MinimalSubset(64, [&](const Subset& subset) {
    ++asked;
    return Holds(subset, 3) && Holds(subset, 40) && Holds(subset, 41);
  });
  EXPECT_THAT(found, ElementsAre(3, 40, 41));
  EXPECT_LT(asked, 150);
}

TEST(MinimalSubset, AnyOrderOfSizeComesOut) {
  for (size_t count = 0; count < 12; ++count) {
    for (size_t a = 0; a < count; ++a) {
      for (size_t b = a; b < count; ++b) {
        const Subset found = MinimalSubset(
            count, [&](const Subset& subset) { return Holds(subset, a) && Holds(subset, b); });
        EXPECT_EQ(found, (a == b ? Subset{a} : Subset{a, b})) << count;
      }
    }
  }
}

TEST(MinimalSubset, NothingIsLeftWhereNothingMatters) {
  EXPECT_THAT(MinimalSubset(9, [](const Subset&) { return true; }), IsEmpty());
  EXPECT_THAT(MinimalSubset(3, [](const Subset&) { return false; }), ElementsAre(0, 1, 2));
}

const std::vector<std::string> kFaults = {
    "when: {at: 1s}, do: partition, from: p, to: r1",
    "when: {after_previous: 200ms}, do: kill, node: p",
    "when: {after_previous: 300ms}, do: promote, node: best",
    "when: {point: after-primary.ack, hit: 7}, do: kill, node: primary",
    "when: {after_previous: 300ms}, do: restart, node: p",
};

TEST(KeepFaults, OneThatFollowsAnotherTakesOverItsTrigger) {
  const proto::Scenario all = WithFaults("", kFaults);
  EXPECT_EQ(FaultLines(KeepFaults(all, {1, 2})),
            "  - {when: {at: 1200ms}, do: kill, node: p}\n"
            "  - {when: {after_previous: 300ms}, do: promote, node: best}\n");
  EXPECT_EQ(FaultLines(KeepFaults(all, {0, 2})),
            "  - {when: {at: 1s}, do: partition, from: p, to: r1, one_way: false}\n"
            "  - {when: {after_previous: 500ms}, do: promote, node: best}\n");
  EXPECT_EQ(FaultLines(KeepFaults(all, {2})),
            "  - {when: {at: 1500ms}, do: promote, node: best}\n");
  EXPECT_EQ(FaultLines(KeepFaults(all, {4})),
            "  - {when: {point: after-primary.ack, hit: 7}, do: restart, node: p}\n")
      << "which is no scenario";
  EXPECT_EQ(KeepFaults(all, {}).faults_size(), 0);
}

TEST(Shrink, LeavesOnlyWhatMatters) {
  proto::Scenario failing = WithFaults(
      "cluster: {replicas: 4}\nnetwork:\n  - {from: p, to: r1, delay: 1ms}\n"
      "  - {from: p, to: r2, delay: 1ms}",
      kFaults);
  const Shrunk shrunk = Shrink(
      failing,
      [](const proto::Scenario& scenario) {
        return Does(scenario, proto::PARTITION) && Does(scenario, proto::PROMOTE) &&
               scenario.workload().clients() >= 3 && scenario.duration().ns() >= 100'000'000;
      },
      1000);
  EXPECT_EQ(FaultLines(shrunk.scenario),
            "  - {when: {at: 0s}, do: partition, from: p, to: r1, one_way: false}\n"
            "  - {when: {after_previous: 0s}, do: promote, node: best}\n");
  EXPECT_EQ(shrunk.scenario.network_size(), 0);
  EXPECT_EQ(shrunk.scenario.workload().clients(), 4u);
  EXPECT_EQ(shrunk.scenario.duration().ns(), 156'000'000);
  EXPECT_EQ(shrunk.scenario.workload().arrival().rate().per_second(), 1);
  EXPECT_EQ(shrunk.scenario.cluster().replicas(), 1u) << "the cut names r1";
  EXPECT_TRUE(shrunk.finished);
  EXPECT_LT(shrunk.trials, 100);
}

TEST(Shrink, AsksOnlyAboutScenariosThatPassTheCheck) {
  const proto::Scenario failing =
      WithFaults("replication: {preset: quorum, sync_set: any 2}\ncluster: {replicas: 3}", kFaults);
  const Shrunk shrunk = Shrink(
      failing,
      [](const proto::Scenario& scenario) {
        LoadedScenario loaded;
        loaded.scenario = scenario;
        const auto read = LoadScenarioText(ToYaml(loaded), "shrunk.yaml", {}, {});
        EXPECT_TRUE(read.ok()) << read.status();
        return Does(scenario, proto::RESTART);
      },
      1000);
  EXPECT_EQ(FaultLines(shrunk.scenario),
            "  - {when: {point: after-primary.ack, hit: 1}, do: kill, node: primary}\n"
            "  - {when: {after_previous: 0s}, do: restart, node: p}\n");
  EXPECT_EQ(shrunk.scenario.cluster().replicas(), 2u) << "any 2 needs them";
}

TEST(Shrink, LeavesTheHealingAtTheEndAndItsTimesAlone) {
  const proto::Scenario failing =
      WithFaults("", {"when: {at: 1s}, do: kill, node: r1", "when: {at: 2s}, do: kill, node: p",
                      "when: {at: 4s}, do: restart, node: p"});
  const Shrunk shrunk = Shrink(
      failing, [](const proto::Scenario& scenario) { return Does(scenario, proto::KILL); }, 1000,
      /*healing=*/1);
  EXPECT_EQ(FaultLines(shrunk.scenario),
            "  - {when: {at: 0s}, do: kill, node: r1}\n"
            "  - {when: {at: 4s}, do: restart, node: p}\n");
  EXPECT_EQ(shrunk.scenario.duration().ns(), failing.duration().ns());
  EXPECT_EQ(shrunk.scenario.cluster().replicas(), failing.cluster().replicas());
}

TEST(Shrink, StopsWhenItHasHadItsTrials) {
  int asked = 0;
  const Shrunk shrunk = Shrink(
      WithFaults("", kFaults),
      [&](const proto::Scenario& scenario) {
        ++asked;
        return Does(scenario, proto::KILL);
      },
      3);
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(shrunk.trials, 3);
  EXPECT_FALSE(shrunk.finished);
  EXPECT_TRUE(Does(shrunk.scenario, proto::KILL));
}

TEST(Shrink, WhatFailsWithoutAnyFaultKeepsNone) {
  const Shrunk shrunk = Shrink(
      WithFaults("", kFaults), [](const proto::Scenario&) { return true; }, 1000);
  EXPECT_EQ(shrunk.scenario.faults_size(), 0);
  EXPECT_EQ(shrunk.scenario.duration().ns(), 1'000'000);
  EXPECT_EQ(shrunk.scenario.cluster().replicas(), 0u);
}

}  // namespace
}  // namespace replsim::explore_shrink_test
