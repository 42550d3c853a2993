// A drawn scenario passes the check, and a file holds all of it.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "simulator/explore/draw.h"
#include "simulator/explore/draw_faults.h"
#include "simulator/explore/every_io.h"
#include "simulator/promise/scenario_facts.h"
#include "simulator/scenario/check.h"
#include "tests/unit/explore_fixture.h"

namespace replsim::explore_draw_test {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::ElementsAre;

const char* const kBases[] = {
    "",
    "replication: {preset: quorum}\ncluster: {replicas: 4}\n",
    "cluster: {replicas: 0}\n",
    "cluster: {replicas: 1}\nreplication: {preset: semi-sync}\n"
    "network:\n  - {from: p, to: r1, delay: 3ms, jitter: 1ms}\n",
    "faults:\n  - {when: {point: after-primary.ack, hit: 3}, do: kill, node: p}\n"
    "  - {when: {after_previous: 500ms}, do: promote, node: best}\n",
    "replication: {preset: quorum}\nfailover: {preset: raft, never_leads: [r2]}\n"
    "network:\n  - {from: p, to: r1, delay: 30ms}\n",
};

class DrawTest : public testing::TestWithParam<DrawOptions> {};

TEST_P(DrawTest, WhatIsDrawnIsAScenarioThatAFileHolds) {
  for (const char* more : kBases) {
    const proto::Scenario base = LoadVariant(more).scenario;
    for (uint64_t seed = 0; seed < 1000; ++seed) {
      LoadedScenario drawn;
      drawn.scenario = Draw(base, seed, GetParam()).scenario;
      const std::string yaml = ToYaml(drawn);
      const absl::StatusOr<LoadedScenario> read = LoadScenarioText(yaml, "drawn.yaml", {}, {});
      ASSERT_TRUE(read.ok()) << "seed " << seed << ": " << read.status() << "\n" << yaml;
      std::string difference;
      MessageDifferencer differencer;
      differencer.ReportDifferencesToString(&difference);
      ASSERT_TRUE(differencer.Compare(read->variants[0].scenario, drawn.scenario))
          << "seed " << seed << ": " << difference << "\n"
          << yaml;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, DrawTest,
                         testing::Values(DrawOptions{}, DrawOptions{.knobs = true, .storm = true}));

TEST(Draw, AStormDrawsEveryKindOfFaultAndClustersOfManySizes) {
  const proto::Scenario base = LoadVariant("").scenario;
  std::set<int> actions;
  std::set<uint32_t> replicas;
  bool at_one_instant = false;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const proto::Scenario drawn = Draw(base, seed, {.storm = true}).scenario;
    replicas.insert(drawn.cluster().replicas());
    std::set<std::pair<std::string, int64_t>> when;
    for (const proto::Fault& fault : drawn.faults()) {
      actions.insert(fault.do_());
      if (!fault.when().has_at() || fault.node().empty()) continue;
      at_one_instant |= !when.emplace(fault.node(), fault.when().at().ns()).second;
    }
  }
  for (int action = proto::Action_MIN + 1; action <= proto::Action_MAX; ++action) {
    // These need nodes that elect.
    if (action == proto::SWITCHOVER || action == proto::DEMOTE) continue;
    EXPECT_TRUE(actions.count(action) > 0) << proto::Action_Name(action);
  }
  EXPECT_GE(replicas.size(), 6u);
  EXPECT_TRUE(at_one_instant);
}

TEST(Draw, AStormDrawsNoLargeValuesForNarrowLinks) {
  const proto::Scenario base =
      LoadVariant("network:\n  - {from: p, to: r1, bandwidth: 1500kbit/s}\n").scenario;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    EXPECT_EQ(Draw(base, seed, {.storm = true}).scenario.workload().value_bytes().bytes(),
              base.workload().value_bytes().bytes());
  }
}

// How often 1000 drawn runs have a setting or a fault.
struct ElectionDraws {
  int no_pre_vote = 0;
  int no_lose_lead = 0;
  int never_leads = 0;
  int disk_stall_after = 0;
  int told = 0;
  int shorter = 0;
  int longer = 0;
  int drifts = 0;
  int promotes = 0;
  int kills_primary = 0;
  int demotes = 0;
};
ElectionDraws CountDraws(const proto::Scenario& base, const DrawOptions& options) {
  ElectionDraws draws;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    const proto::Scenario drawn = Draw(base, seed, options).scenario;
    const proto::Failover& failover = drawn.failover();
    draws.no_pre_vote += failover.pre_vote() ? 0 : 1;
    draws.no_lose_lead += failover.has_lose_lead() ? 0 : 1;
    draws.never_leads += failover.never_leads().empty() ? 0 : 1;
    draws.disk_stall_after += failover.has_disk_stall_after() ? 1 : 0;
    draws.told += drawn.workload().find_primary() == proto::TOLD ? 1 : 0;
    draws.shorter += failover.suspect_after().ns() < base.failover().suspect_after().ns() ? 1 : 0;
    draws.longer += failover.suspect_after().ns() > base.failover().suspect_after().ns() ? 1 : 0;
    draws.drifts += drawn.machine().clocks().empty() ? 0 : 1;
    draws.promotes += Does(drawn, proto::PROMOTE) ? 1 : 0;
    draws.demotes += Does(drawn, proto::DEMOTE) ? 1 : 0;
    const auto kills = [](const proto::Fault& fault) {
      return fault.node() == "primary" && fault.do_() == proto::KILL;
    };
    draws.kills_primary += std::any_of(drawn.faults().begin(), drawn.faults().end(), kills) ? 1 : 0;
    for (const proto::Clock& clock : drawn.machine().clocks()) {
      EXPECT_LE(std::abs(clock.drift()), 0.05) << seed;
    }
    EXPECT_EQ(failover.granted_by().kind(), base.failover().granted_by().kind()) << seed;
    EXPECT_EQ(failover.grant_rule(), base.failover().grant_rule()) << seed;
  }
  return draws;
}

TEST(Draw, ElectionsAreDrawnWithTheirKnobsAndMostlyLeftAlone) {
  const proto::Scenario base = LoadVariant(
                                   "replication: {preset: quorum}\nfailover: {preset: raft}\n"
                                   "network:\n  - {from: p, to: r1, delay: 30ms}\n")
                                   .scenario;
  const ElectionDraws plain = CountDraws(base, {});
  EXPECT_EQ(plain.no_pre_vote + plain.no_lose_lead + plain.never_leads + plain.shorter, 0);
  EXPECT_EQ(plain.disk_stall_after, 0);
  EXPECT_EQ(plain.told, 1000);
  EXPECT_GT(plain.drifts, 200);
  EXPECT_LT(plain.promotes, plain.kills_primary / 2);
  EXPECT_GT(plain.demotes, 50);
  const ElectionDraws knobs = CountDraws(base, {.knobs = true, .storm = true});
  for (const int drawn : {knobs.no_pre_vote, knobs.no_lose_lead, knobs.never_leads, knobs.shorter,
                          knobs.longer, knobs.drifts, knobs.disk_stall_after, 1000 - knobs.told}) {
    EXPECT_GT(drawn, 50);
    EXPECT_LT(drawn, 500);
  }
  EXPECT_LT(knobs.promotes, knobs.kills_primary);
}

TEST(Draw, WithoutElectionsNoneIsDrawn) {
  const proto::Scenario base = LoadVariant("replication: {preset: quorum}\n").scenario;
  const ElectionDraws knobs = CountDraws(base, {.knobs = true, .storm = true});
  EXPECT_EQ(knobs.no_pre_vote, 1000);
  EXPECT_EQ(knobs.told, 1000);
  EXPECT_EQ(knobs.never_leads + knobs.longer + knobs.drifts + knobs.demotes, 0);
}

// No drawn fault happens after the healing has begun. The core satisfies the gate with any leader,
// and all other nodes are dead.
TEST(Draw, AStormMayEndWithACoreThatMustGoOn) {
  const proto::Scenario base =
      LoadVariant(
          "cluster: {replicas: 4}\nreplication: {ack_after: replica-flush, sync_set: any 2}\n")
          .scenario;
  int with_core = 0;
  bool smaller_than_the_cluster = false;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    const Drawn drawn = Draw(base, seed, {.storm = true});
    if (drawn.healing == 0) {
      EXPECT_EQ(drawn.scenario.expect_size(), 0);
      continue;
    }
    ++with_core;
    ASSERT_EQ(drawn.scenario.expect_size(), 1);
    const int drawn_faults = drawn.scenario.faults_size() - drawn.healing;
    int64_t at = 0;
    for (int i = 0; i < drawn_faults; ++i) {
      const proto::When& when = drawn.scenario.faults(i).when();
      at = when.has_at() ? when.at().ns() : at + when.after_previous().ns();
      EXPECT_LT(at, base.duration().ns());
      EXPECT_TRUE(when.has_at() || when.has_after_previous());
    }
    std::set<std::string> dead;
    std::set<std::string> core;
    bool promoted = false;
    for (int i = drawn_faults; i < drawn.scenario.faults_size(); ++i) {
      const proto::Fault& fault = drawn.scenario.faults(i);
      EXPECT_GE(fault.when().at().ns(), base.duration().ns());
      if (fault.do_() == proto::KILL) dead.insert(fault.node());
      promoted = promoted || fault.do_() == proto::PROMOTE;
      if (fault.do_() == proto::RESTART) core.insert(fault.node());
    }
    for (const std::string& node : core) dead.erase(node);
    EXPECT_TRUE(promoted);
    EXPECT_EQ(dead.size() + core.size(), drawn.scenario.cluster().replicas() + 1u);
    const auto& set = drawn.scenario.replication().sync_set();
    if (set.kind() == proto::SyncSetSpec::ANY_OF) {
      EXPECT_GT(core.size(), set.count());
    }
    smaller_than_the_cluster |= !dead.empty();
  }
  EXPECT_GT(with_core, 50);
  EXPECT_TRUE(smaller_than_the_cluster);
}

// The witness alone could elect any node, but a primary that too few nodes answer stops.
TEST(Draw, TheCoreOfAStormKeepsItsPrimary) {
  const proto::Scenario base =
      LoadVariant(
          "cluster: {replicas: 4, witnesses: 1}\nreplication: {preset: async}\n"
          "failover: {suspect_after: 500ms, voters: witnesses, "
          "lose_lead: {without: any 4, for: 500ms}}\n")
          .scenario;
  int with_core = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    const Drawn drawn = Draw(base, seed, {.storm = true});
    const proto::Scenario& scenario = drawn.scenario;
    if (drawn.healing == 0 || !scenario.failover().has_lose_lead()) continue;
    ++with_core;
    std::set<std::string> core;  // with the witness
    for (int i = scenario.faults_size() - drawn.healing; i < scenario.faults_size(); ++i) {
      const proto::Fault& fault = scenario.faults(i);
      if (fault.do_() == proto::RESTART) core.insert(fault.node());
    }
    const proto::SyncSetSpec& without = scenario.failover().lose_lead().without();
    EXPECT_GE(core.size(), NodesNeeded(without, AllVoters(scenario.cluster())));
  }
  EXPECT_GT(with_core, 50);
}

TEST(Draw, EveryIoComesToEachWriteAndFlushOfEachNodeOnce) {
  const proto::Scenario base = LoadVariant("cluster: {replicas: 1}\n").scenario;
  std::set<std::string> crashes;
  for (uint64_t seed = 1; seed <= CrashesOf(base, 3); ++seed) {
    const proto::Scenario drawn = Draw(base, seed, {.every_io = true}).scenario;
    ASSERT_EQ(drawn.faults_size(), 2);
    EXPECT_EQ(drawn.seed(), base.seed()) << "the load is the same every time";
    const proto::Fault& crash = drawn.faults(0);
    crashes.insert(absl::StrCat(crash.node(), " ", crash.when().point(), " ", crash.when().hit()));
  }
  EXPECT_EQ(crashes.size(), 2u * 4u * 3u);
  EXPECT_TRUE(crashes.count("r1 before-replica.flush 3") > 0);
}

TEST(Draw, TheSameSeedDrawsTheSameAndAnotherDoesNot) {
  const proto::Scenario base = LoadVariant("").scenario;
  const proto::Scenario drawn = Draw(base, 7).scenario;
  EXPECT_EQ(drawn.seed(), 7u);
  EXPECT_TRUE(MessageDifferencer::Equals(drawn, Draw(base, 7).scenario));
  EXPECT_FALSE(MessageDifferencer::Equals(drawn, Draw(base, 8).scenario));
}

// The ways to wait are drawn for clients that take tickets and retry; other clients stay unchanged.
TEST(Draw, HowClientsWaitIsDrawnWhereTheScenarioAllows) {
  proto::Scenario base = LoadVariant("").scenario;
  EXPECT_EQ(Draw(base, 1).scenario.workload().style(), proto::BLOCKING);
  EXPECT_EQ(Draw(base, 1).scenario.workload().retry(), proto::NO_RETRY);
  base.mutable_workload()->set_style(proto::TICKET);
  base.mutable_workload()->set_depth(4);
  base.mutable_workload()->set_watch(true);
  base.mutable_workload()->set_retry(proto::SAME_REQUEST);
  std::map<std::pair<proto::Style, proto::Retry>, int> seen;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    LoadedScenario drawn;
    drawn.scenario = Draw(base, seed).scenario;
    const std::string yaml = ToYaml(drawn);
    const absl::StatusOr<LoadedScenario> read = LoadScenarioText(yaml, "drawn.yaml", {}, {});
    ASSERT_TRUE(read.ok()) << "seed " << seed << ": " << read.status() << "\n" << yaml;
    ++seen[{drawn.scenario.workload().style(), drawn.scenario.workload().retry()}];
  }
  EXPECT_EQ(seen.size(), 9u) << "three styles, three ways to retry";
}

TEST(Draw, EverySeedHasSomeKindsAndAllKindsCome) {
  const proto::Scenario base = LoadVariant("").scenario;
  std::map<proto::Action, int> runs_with;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    const proto::Scenario drawn = Draw(base, seed).scenario;
    EXPECT_GT(drawn.faults_size(), 0) << seed;
    for (int action = proto::KILL; action <= proto::HOST_LOSS; ++action) {
      if (action > proto::SLOW_APPLY && action < proto::RESET) continue;  // not drawn
      runs_with[proto::Action(action)] += Does(drawn, proto::Action(action)) ? 1 : 0;
    }
  }
  for (int action = proto::KILL; action <= proto::SLOW_APPLY; ++action) {
    EXPECT_GT(runs_with[proto::Action(action)], 25) << proto::Action_Name(action);
    EXPECT_LT(runs_with[proto::Action(action)], 400) << proto::Action_Name(action);
  }
}

TEST(Draw, TheScenariosOwnFaultsSayWhichKindsAreAllowed) {
  const proto::Scenario base = LoadVariant(kBases[4]).scenario;
  EXPECT_THAT(AllowedKinds(base), ElementsAre(DrawnKind{proto::KILL, Flavor::kAtPoint},
                                              DrawnKind{proto::PROMOTE, Flavor::kBest}));
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const proto::Scenario drawn = Draw(base, seed).scenario;
    for (const proto::Fault& fault : drawn.faults()) {
      if (fault.do_() == proto::KILL) {
        EXPECT_NE(fault.when().point(), "") << seed;
      } else {
        EXPECT_EQ(fault.do_(), proto::PROMOTE) << seed;
        EXPECT_EQ(fault.node(), "best") << seed;
      }
    }
  }
}

TEST(Draw, TheLoadStaysBetweenHalfAndTwice) {
  const proto::Scenario base = LoadVariant("").scenario;
  bool changed = false;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const proto::Workload load = Draw(base, seed).scenario.workload();
    EXPECT_GE(load.clients(), 8u);
    EXPECT_LE(load.clients(), 32u);
    EXPECT_GE(load.arrival().rate().per_second(), 250);
    EXPECT_LE(load.arrival().rate().per_second(), 1000);
    changed |= load.clients() != 16;
  }
  EXPECT_TRUE(changed);
}

TEST(Draw, KnobsAreDrawnWhereAskedForAndLeaveTheFaultsAsTheyAre) {
  const proto::Scenario base = LoadVariant("").scenario;
  std::set<proto::AckStage> stages;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const proto::Scenario plain = Draw(base, seed).scenario;
    const proto::Scenario drawn = Draw(base, seed, {.knobs = true}).scenario;
    EXPECT_EQ(plain.replication().send_after(), base.replication().send_after());
    EXPECT_EQ(FaultLines(plain), FaultLines(drawn)) << seed;
    stages.insert(drawn.replication().send_after());
  }
  EXPECT_EQ(stages, (std::set{proto::APPEND, proto::WRITE, proto::FLUSH}));
}

TEST(Draw, SomeSeedsTurnHalfOfThePutsIntoTransactions) {
  const proto::Scenario base = LoadVariant("").scenario;
  const proto::Mix& before = base.workload().mix();
  int with = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_EQ(Draw(base, seed).scenario.workload().mix().transaction(), 0);
    const proto::Scenario drawn = Draw(base, seed, {.knobs = true}).scenario;
    const proto::Mix& mix = drawn.workload().mix();
    EXPECT_DOUBLE_EQ(mix.transaction() + mix.write(), before.write()) << seed;
    if (mix.transaction() == 0) continue;
    EXPECT_TRUE(IsValidScenario(drawn)) << seed;
    ++with;
  }
  EXPECT_GT(with, 5);
  EXPECT_LT(with, 30);
}

TEST(Draw, FaultLinesAreThoseOfAFile) {
  EXPECT_EQ(FaultLines(WithFaults("", {"when: {at: 1s}, do: kill, node: p",
                                       "when: {after_previous: 0s}, do: promote, node: best"})),
            "  - {when: {at: 1s}, do: kill, node: p}\n"
            "  - {when: {after_previous: 0s}, do: promote, node: best}\n");
  EXPECT_EQ(FaultLines(WithFaults("", {})), "");
}

}  // namespace
}  // namespace replsim::explore_draw_test
