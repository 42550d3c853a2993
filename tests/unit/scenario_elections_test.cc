// The election knobs of a scenario: how they resolve, what is refused, what is warned of.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "simulator/promise/scenario_facts.h"
#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/node_set.h"
#include "simulator/scenario/scenario.h"
#include "simulator/scenario/schema_comments.h"
#include "simulator/scenario/units.h"
#include "simulator/scenario/write_yaml.h"

namespace replsim::scenario_elections_test {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char kBase[] = "duration: 5s\nworkload: {arrival: {rate: 100/s}}\n";  // two lines
constexpr char kLoseLead[] = "lose_lead: {without: majority, for: 1s}";

std::string RefusalOf(const std::string& rest) {
  const auto loaded = LoadScenarioText(kBase + rest, "t.yaml", {}, {});
  return loaded.ok() ? "accepted" : std::string(loaded.status().message());
}
std::string RefusalOfFailover(const std::string& failover, const std::string& rest = "") {
  return RefusalOf("failover: {" + failover + "}\n" + rest);
}

LoadedScenario LoadAll(const std::string& rest, const std::vector<std::string>& sets = {}) {
  auto loaded = LoadScenarioText(kBase + rest, "t.yaml", sets, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? *std::move(loaded) : LoadedScenario();
}
proto::Scenario Load(const std::string& rest, const std::vector<std::string>& sets = {}) {
  return LoadAll(rest, sets).scenario;
}
proto::Failover FailoverOf(const std::string& rest, const std::vector<std::string>& sets = {}) {
  return Load(rest, sets).failover();
}
std::string Warnings(const std::string& rest) { return WarningsText(LoadAll(rest)); }

TEST(Elections, WithoutSuspectAfterThereAreNone) {
  for (const char* text : {"", "failover: {preset: manual}\n", "failover: {rejoin: wait}\n"}) {
    const proto::Failover failover = FailoverOf(text);
    EXPECT_FALSE(failover.has_suspect_after()) << text;
    EXPECT_FALSE(failover.has_stand_delay() || failover.has_pre_vote() ||
                 failover.has_granted_by() || failover.has_lose_lead())
        << text;
    EXPECT_EQ(failover.grant_rule(), proto::GRANT_UNSPECIFIED) << text;
    EXPECT_EQ(failover.rejoin(), proto::WAIT_FOR_RESTART) << text;
  }
  EXPECT_EQ(FailoverOf("").preset(), "");
}

TEST(Elections, SuspectAfterAloneSetsTheOtherKnobs) {
  const proto::Failover failover = FailoverOf("failover: {suspect_after: 800ms}\n");
  EXPECT_EQ(ToText(failover.suspect_after()), "800ms");
  EXPECT_TRUE(failover.stand_delay().uniform().has_min());
  EXPECT_EQ(ToText(failover.stand_delay().uniform().min()), "0s");
  EXPECT_EQ(ToText(failover.stand_delay().uniform().max()), "800ms");
  EXPECT_TRUE(failover.pre_vote());
  EXPECT_EQ(ToText(failover.granted_by()), "majority");
  EXPECT_EQ(failover.grant_rule(), proto::NOT_BEHIND);
  EXPECT_EQ(failover.rejoin(), proto::FOLLOW);
  EXPECT_FALSE(failover.has_lose_lead()) << "never";
  EXPECT_TRUE(failover.never_leads().empty());
}

TEST(Elections, EveryKnobIsReadAndWrittenBack) {
  const std::string text =
      "cluster: {replicas: 4}\n"
      "failover:\n  suspect_after: 800ms\n  stand_delay: {normal: {mean: 5ms, deviation: 1ms}}\n"
      "  pre_vote: false\n  granted_by: any 2\n  grant_rule: any\n"
      "  lose_lead: {without: all, for: 2s}\n  rejoin: wait\n  never_leads: [r3, p]\n";
  const proto::Scenario scenario = Load(text);
  const proto::Failover& failover = scenario.failover();
  EXPECT_EQ(ToText(failover.stand_delay().normal().mean()), "5ms");
  EXPECT_FALSE(failover.stand_delay().has_uniform());
  EXPECT_FALSE(failover.pre_vote());
  EXPECT_EQ(ToText(failover.granted_by()), "any 2");
  EXPECT_EQ(failover.grant_rule(), proto::ANY_CANDIDATE);
  EXPECT_EQ(ToText(failover.lose_lead().without()), "all");
  EXPECT_EQ(ToText(failover.lose_lead().for_()), "2s");
  EXPECT_EQ(failover.rejoin(), proto::WAIT_FOR_RESTART);
  EXPECT_THAT(failover.never_leads(), ElementsAre("r3", "p"));
  for (const std::string& rest :
       {text, std::string("failover: {preset: raft}\n"),
        std::string("failover: {suspect_after: 300ms, stand_delay: 0s, never_leads: r1}\n"),
        std::string("workload: {arrival: {rate: 1/s}, find_primary: ask-nodes}\n")}) {
    const std::string whole =
        absl::StartsWith(rest, "workload") ? "duration: 5s\n" + rest : kBase + rest;
    const auto first = LoadScenarioText(whole, "t.yaml", {}, {});
    ASSERT_TRUE(first.ok()) << first.status();
    const auto again = LoadScenarioText(WriteYaml(first->scenario), "t.yaml", {}, {});
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_TRUE(MessageDifferencer::Equals(again->scenario, first->scenario))
        << WriteYaml(first->scenario);
  }
}

TEST(Elections, AResolvedScenarioResolvesToItself) {
  int resolved = 0;
  for (const char* replication : {"async", "postgres:on", "mongodb:majority"}) {
    for (const char* scale : {"0.003", "1", "1000"}) {
      for (const char* failover :
           {"{}", "{preset: raft}", "{preset: patroni}", "{preset: mongodb, lose_lead: {}}",
            "{suspect_after: 7ms}", "{preset: raft, lose_lead: {for: 3ms}, never_leads: p}",
            "{preset: raft, granted_by: any 1, stand_delay: 0s, rejoin: wait}"}) {
        for (const char* heartbeat : {"{}", "{timeout: 90s}", "{interval: 1ms}"}) {
          const auto first =
              LoadScenarioText(absl::StrCat(kBase, "replication: {preset: \"", replication,
                                            "\", scale_times: ", scale, "}\nfailover: ", failover,
                                            "\ncluster: {heartbeat: ", heartbeat, "}\n"),
                               "t.yaml", {}, {});
          if (!first.ok()) continue;
          ++resolved;
          const std::string written = WriteYaml(first->scenario);
          const auto again = LoadScenarioText(written, "t.yaml", {}, {});
          ASSERT_TRUE(again.ok()) << again.status() << "\n" << written;
          EXPECT_TRUE(MessageDifferencer::Equals(again->scenario, first->scenario)) << written;
        }
      }
    }
  }
  EXPECT_GT(resolved, 120) << "of 162";
}

TEST(Elections, APresetMayVaryAndAFlagOverridesIt) {
  const LoadedScenario loaded =
      LoadAll("vary: {failover.preset: [manual, raft, mongodb]}\n", {"cluster.replicas=4"});
  ASSERT_EQ(loaded.variants.size(), 3u);
  EXPECT_EQ(loaded.variants[1].name, "raft");
  EXPECT_FALSE(loaded.variants[0].scenario.failover().has_suspect_after());
  EXPECT_EQ(ToText(loaded.variants[1].scenario.failover().suspect_after()), "1s");
  EXPECT_EQ(ToText(loaded.variants[2].scenario.failover().suspect_after()), "10s");

  const proto::Failover own =
      FailoverOf("failover: {preset: raft}\n",
                 {"failover.suspect_after=500ms", "failover.stand_delay=7ms",
                  "failover.lose_lead.without=any 2", "failover.granted_by=any 3"});
  EXPECT_EQ(ToText(own.suspect_after()), "500ms");
  EXPECT_EQ(ToText(own.stand_delay().plus()), "7ms");
  EXPECT_FALSE(own.stand_delay().has_uniform()) << "the preset's is gone";
  EXPECT_EQ(ToText(own.lose_lead().without()), "any 2");
  EXPECT_EQ(ToText(own.lose_lead().for_()), "1s") << "the preset's";
  EXPECT_EQ(ToText(own.granted_by()), "any 3");
}

proto::Heartbeat HeartbeatOf(const std::string& rest) { return Load(rest).cluster().heartbeat(); }

TEST(Elections, HeartbeatsThatTheScenarioLeavesOpenFollowThem) {
  const std::string postgres = "replication: {preset: \"postgres:on\"}\n";  // 30 s and 60 s
  const proto::Heartbeat raft = HeartbeatOf(postgres + "failover: {preset: raft}\n");
  EXPECT_EQ(ToText(raft.interval()), "200ms");
  EXPECT_EQ(ToText(raft.timeout()), "1s");
  const proto::Heartbeat own =
      HeartbeatOf(postgres + "failover: {preset: raft}\ncluster: {heartbeat: {timeout: 5s}}\n");
  EXPECT_EQ(ToText(own.interval()), "200ms");
  EXPECT_EQ(ToText(own.timeout()), "5s");
  const proto::Heartbeat shorter =
      HeartbeatOf("failover: {suspect_after: 2s, lose_lead: {without: any 2, for: 150ms}}\n");
  EXPECT_EQ(ToText(shorter.interval()), "30ms") << "a fifth of the shorter silence";
  EXPECT_EQ(ToText(shorter.timeout()), "1s") << "already below suspect_after";
  EXPECT_EQ(ToText(HeartbeatOf("failover: {suspect_after: 10s}\n").interval()), "100ms");
  EXPECT_EQ(ToText(HeartbeatOf(postgres).interval()), "30s");
}

TEST(Elections, AnOwnHeartbeatMustBeShorterThanTheSilence) {
  EXPECT_EQ(
      RefusalOfFailover("preset: raft", "cluster: {heartbeat: {interval: 1s, timeout: 9s}}\n"),
      "t.yaml:4:23: heartbeat.interval 1s is not below failover.suspect_after 1s (preset "
      "raft), so replicas would suspect an idle primary; expected a shorter interval, or "
      "none to let it follow from failover\n"
      "t.yaml:4:23: heartbeat.interval 1s is not below failover.lose_lead.for 1s (preset "
      "raft), so an idle primary would stop leading; expected a shorter interval, or none to "
      "let it follow from failover");
  EXPECT_THAT(RefusalOfFailover("suspect_after: 90ms", "cluster: {heartbeat: {interval: 100ms}}\n"),
              AllOf(StartsWith("t.yaml:4:23: heartbeat.interval 100ms is not below "
                               "failover.suspect_after 90ms, so replicas"),
                    Not(HasSubstr("\n"))));
  EXPECT_THAT(RefusalOfFailover("suspect_after: 1ns"),
              HasSubstr("t.yaml:3:12: heartbeat.interval 1ns is not below"));
  EXPECT_EQ(RefusalOfFailover("suspect_after: 101ms", "cluster: {heartbeat: {interval: 100ms}}\n"),
            "accepted")
      << "the timeout is lowered to 101ms";
}

TEST(Elections, AKnobWithoutThemIsRefused) {
  for (const char* knob : {"stand_delay: 1s", "pre_vote: false", "granted_by: all",
                           "grant_rule: any", kLoseLead, "never_leads: [r1]"}) {
    EXPECT_THAT(RefusalOfFailover(knob),
                AllOf(StartsWith("t.yaml:3:12: failover."), HasSubstr(" has no effect"),
                      HasSubstr("set failover.suspect_after, e.g. 1s, or failover.preset")))
        << knob;
    EXPECT_EQ(RefusalOfFailover(absl::StrCat("suspect_after: 1s, ", knob)), "accepted");
  }
  EXPECT_THAT(RefusalOfFailover("rejoin: follow"), HasSubstr("expected rejoin: wait"));
  EXPECT_THAT(RefusalOfFailover("preset: manual, pre_vote: true"), HasSubstr("no effect"));
  EXPECT_THAT(RefusalOfFailover("preset: rafft, pre_vote: true"),
              AllOf(StartsWith("t.yaml:3:12: unknown preset 'rafft'; did you mean 'raft'?"),
                    Not(HasSubstr("\n"))));
  EXPECT_THAT(RefusalOfFailover("suspect_after: soon, pre_vote: true"),
              AllOf(HasSubstr("failover.suspect_after: 'soon'"), Not(HasSubstr("\n"))));
}

TEST(Elections, APresetOfTheOtherKindIsToldWhereItBelongs) {
  EXPECT_EQ(RefusalOf("replication: {preset: raft}\n"),
            "t.yaml:3:15: unknown preset 'raft'; it is one of failover.preset");
  EXPECT_EQ(RefusalOfFailover("preset: quorum"),
            "t.yaml:3:12: unknown preset 'quorum'; it is one of replication.preset");
}

TEST(Elections, ASetOfNodesRanksNoneAndFitsTheCluster) {
  const auto granted_by = [](const std::string& set) {
    return RefusalOfFailover("suspect_after: 1s, granted_by: " + set);
  };
  for (const char* set : {"any 1", "any 3", "majority", "all"}) {
    EXPECT_EQ(granted_by(set), "accepted") << set;
  }
  EXPECT_EQ(granted_by("first 1"),
            "t.yaml:3:43: failover.granted_by: 'first 1' ranks nodes, which an election does not; "
            "expected majority, any K or all");
  EXPECT_EQ(granted_by("any 4"),
            "t.yaml:3:31: failover.granted_by 'any 4' needs 4 nodes; the cluster has 3 with the "
            "primary");
  EXPECT_THAT(granted_by("any 0"), HasSubstr("expected at least any 1"));
  EXPECT_THAT(granted_by("most"), HasSubstr("'most' is no set of nodes; expected majority, any"));
  const auto without = [](const std::string& set) {
    return RefusalOfFailover("suspect_after: 1s, lose_lead: {for: 1s, without: " + set + "}");
  };
  EXPECT_EQ(without("any 3"), "accepted");
  EXPECT_THAT(without("first 1"), HasSubstr("failover.lose_lead.without: 'first 1' ranks nodes"));
  EXPECT_THAT(without("any 4"), HasSubstr("failover.lose_lead.without 'any 4' needs 4 nodes"));
  EXPECT_EQ(NodesNeeded(*ParseNodeSet("majority"), 4), 3u);
  EXPECT_EQ(NodesNeeded(*ParseNodeSet("majority"), 5), 3u);
  EXPECT_EQ(NodesNeeded(*ParseNodeSet("all"), 5), 5u);
  EXPECT_EQ(NodesNeeded(*ParseNodeSet("any 2"), 5), 2u);
}

TEST(Elections, ATimeThatIsZeroOrMissingIsRefused) {
  EXPECT_THAT(RefusalOfFailover("suspect_after: 0s"),
              StartsWith("t.yaml:3:12: failover.suspect_after is zero; expected the silence"));
  EXPECT_THAT(RefusalOfFailover("suspect_after: 9000h"),
              HasSubstr("is too large, more than 8760h"));
  EXPECT_THAT(RefusalOfFailover("suspect_after: 1s, stand_delay: {uniform: {min: 2s, max: 1s}}"),
              HasSubstr("failover.stand_delay.uniform.min is 2s, which is more than max"));
  const auto lose_lead = [](const std::string& text) {
    return RefusalOfFailover("suspect_after: 1s, lose_lead: {" + text + "}");
  };
  EXPECT_THAT(lose_lead("without: majority"), HasSubstr("failover.lose_lead has no 'for'"));
  EXPECT_THAT(lose_lead("for: 1s"), HasSubstr("failover.lose_lead has no 'without'"));
  EXPECT_THAT(lose_lead("without: any 2, for: 0s"), HasSubstr("failover.lose_lead.for is zero"));
}

TEST(Elections, WitnessesVoteAndAreCounted) {
  const std::string cluster = "cluster: {replicas: 1, witnesses: 1}\n";
  EXPECT_EQ(RefusalOf(cluster + "failover: {preset: raft, granted_by: any 3}\n"), "accepted");
  EXPECT_THAT(RefusalOf(cluster + "failover: {preset: raft, granted_by: any 4}\n"),
              HasSubstr("needs 4 nodes; the cluster has 3 with the primary and the witnesses"));
  EXPECT_THAT(RefusalOf(cluster),
              HasSubstr("cluster.witnesses has no effect, because the nodes elect no primary; set "
                        "failover.suspect_after"));
  EXPECT_THAT(RefusalOf("cluster: {witnesses: 101}\nfailover: {preset: raft}\n"),
              HasSubstr("101 witnesses are too many for a run; expected at most 100"));
  EXPECT_EQ(Warnings(cluster + "failover: {preset: raft}\nreplication: {preset: quorum}\n"), "");
}

TEST(Elections, WitnessesAloneMayVote) {
  EXPECT_EQ(Load("failover: {preset: patroni}\n").cluster().witnesses(), 3u);
  EXPECT_THAT(RefusalOf("cluster: {witnesses: 0}\nfailover: {preset: patroni}\n"),
              HasSubstr("lets only witnesses vote, and the cluster has none"));
  EXPECT_THAT(RefusalOfFailover("preset: patroni, granted_by: any 4"),
              HasSubstr("needs 4 nodes; the cluster has 3 witnesses, and only they vote"));
  EXPECT_THAT(RefusalOfFailover("preset: patroni, pre_vote: false"),
              HasSubstr("a candidate must ask the replicas before it stands; expected true"));
}

TEST(Elections, ALeaseIsRenewedWhileItHolds) {
  EXPECT_THAT(RefusalOfFailover("preset: patroni, lease_renew: 20s"),
              HasSubstr("failover.lease_renew 20s is not between zero and the time for which the "
                        "lease holds"));
  EXPECT_EQ(RefusalOfFailover("preset: patroni, lease_renew: 19s"), "accepted");
  EXPECT_THAT(RefusalOfFailover("preset: raft, lease_renew: 100ms"),
              HasSubstr("failover.lease_renew has no effect without failover.lease and witnesses"));
  EXPECT_THAT(RefusalOfFailover("preset: patroni, lose_lead: {without: majority, for: 10s}"),
              HasSubstr("failover.lose_lead.for 10s is not above failover.lease_renew 10s (preset "
                        "patroni), so the primary would stop leading between two answers"));
}

TEST(Elections, AFaultHitsAWitnessOnlyWhereItHasSomethingToHit) {
  const std::string base = "cluster: {witnesses: 1}\nfailover: {preset: raft}\nfaults:\n";
  EXPECT_EQ(RefusalOf(base + "- {when: {at: 1s}, do: kill, node: w1}\n"), "accepted");
  EXPECT_EQ(RefusalOf(base + "- {when: {at: 1s}, do: pause, node: w1, for: 1s}\n"), "accepted");
  EXPECT_EQ(RefusalOf(base + "- {when: {at: 1s}, do: isolate, node: w1}\n"), "accepted");
  EXPECT_EQ(RefusalOf(base + "- {when: {at: 1s}, do: partition, from: w1, to: [p, r1]}\n"),
            "accepted");
  EXPECT_THAT(RefusalOf(base + "- {when: {at: 1s}, do: kill, node: w2}\n"),
              HasSubstr("unknown node 'w2'"));
  for (const char* fault : {"promote", "slow-disk", "bit-flip", "slow-apply", "demote"}) {
    EXPECT_THAT(RefusalOf(base + "- {when: {at: 1s}, do: " + fault + ", node: w1}\n"),
                HasSubstr("unknown node 'w1'"))
        << fault;
  }
  EXPECT_THAT(RefusalOf("cluster: {witnesses: 1}\nfailover: {preset: raft, never_leads: [w1]}\n"),
              HasSubstr("unknown node 'w1'"));
}

TEST(Elections, SomeReplicaMustBeAbleToLead) {
  const auto never_leads = [](const std::string& ids) {
    return RefusalOfFailover("preset: raft, never_leads: " + ids);
  };
  EXPECT_EQ(never_leads("r2"), "accepted");
  EXPECT_EQ(never_leads("[p, r1]"), "accepted");
  EXPECT_THAT(never_leads("r3"), HasSubstr("failover.never_leads names unknown node 'r3'"));
  EXPECT_THAT(never_leads("[r1, r1]"), HasSubstr("failover.never_leads names 'r1' twice"));
  EXPECT_THAT(never_leads("[r1, r2]"), HasSubstr("names every replica, so none could succeed"));
  EXPECT_THAT(RefusalOfFailover("preset: raft", "cluster: {replicas: 0}\n"),
              StartsWith("t.yaml:3:12: failover lets the nodes elect a primary, but the cluster "
                         "has no replica"));
}

TEST(Elections, AreWhatAPromotionOrAFailpointOfAnotherRoleNeeds) {
  const std::string promote = "faults: [{when: {at: 1s}, do: promote, node: ";
  EXPECT_THAT(RefusalOfFailover("preset: raft, never_leads: r2", promote + "r2}]\n"),
              StartsWith("t.yaml:4:40: faults[0] (promote) lets r2 stand for election, but "
                         "failover.never_leads names it"));
  EXPECT_EQ(RefusalOfFailover("preset: raft, never_leads: r2", promote + "best}]\n"), "accepted");
  const std::string point = "faults: [{when: {point: before-primary.ack}, do: kill, node: r1}]\n";
  EXPECT_THAT(RefusalOf(point), HasSubstr("never leads"));
  EXPECT_EQ(RefusalOfFailover("preset: raft", point), "accepted");
}

TEST(Elections, AreWhatADemotionNeeds) {
  const std::string demote = "faults: [{when: {at: 1s}, do: demote, node: primary}]\n";
  EXPECT_THAT(RefusalOf(demote),
              HasSubstr("faults[0] (demote) needs nodes that elect their primary; expected "
                        "failover.preset (raft, mongodb) or failover.suspect_after"));
  EXPECT_EQ(RefusalOfFailover("preset: raft", demote), "accepted");
}

TEST(EnumWords, OfElectionsAreThoseTheSchemaSays) {
  EXPECT_THAT(std::string(kKnobsProto), HasSubstr("ANY_CANDIDATE = 2;  // spelled \"any\""));
  EXPECT_THAT(std::string(kKnobsProto), HasSubstr("WAIT_FOR_RESTART = 2;  // spelled \"wait\""));
  const auto words = [](const char* field) {
    return WordsOf(*proto::Failover::descriptor()->FindFieldByName(field));
  };
  EXPECT_THAT(words("grant_rule"),
              ElementsAre("not-behind", "any", "in-sync-set", "in-sync-quorum"));
  EXPECT_THAT(words("rejoin"), ElementsAre("follow", "wait"));
}

TEST(Settle, LeavesTimeToElect) {
  const auto settle = [](const std::string& failover) {
    const auto loaded = LoadScenarioText(kBase + failover, "t.yaml", {}, {});
    return loaded.ok() ? ToText(loaded->scenario.settle()) : std::string("refused");
  };
  EXPECT_EQ(settle(""), "10s");
  EXPECT_EQ(settle("failover: {preset: raft, suspect_after: 2s}\n"), "16s");
  EXPECT_EQ(settle("failover: {preset: patroni}\n"), "100s") << "its lease is 30 s";
  EXPECT_EQ(settle("settle: 3s\nfailover: {preset: patroni}\n"), "3s");
}

TEST(ElectionWarnings, ThePresetsHaveNone) {
  for (const char* replication : {"async", "quorum", "postgres:on", "mongodb:majority"}) {
    for (const char* preset :
         {"manual", "raft", "mongodb", "patroni", "repmgr", "sentinel", "orchestrator"}) {
      EXPECT_EQ(Warnings(absl::StrCat("replication: {preset: \"", replication,
                                      "\"}\nfailover: {preset: ", preset, "}\n")),
                "");
    }
  }
}

TEST(ElectionWarnings, OfTooFewAndTooManyVotes) {
  const auto granted_by = [](const std::string& set, int replicas) {
    return Warnings(absl::StrCat("cluster: {replicas: ", replicas,
                                 "}\nfailover: {preset: raft, granted_by: ", set, "}\n"));
  };
  EXPECT_EQ(granted_by("any 2", 3),
            "t.yaml:4:26: warning: failover.granted_by any 2 of 4 nodes is fewer than a majority: "
            "two nodes can be elected and lead at once; expected majority\n");
  EXPECT_EQ(granted_by("any 3", 3), "");
  EXPECT_EQ(granted_by("any 3", 4), "");
  EXPECT_THAT(granted_by("all", 2), HasSubstr("needs every node: while the primary is down, no "
                                              "replica can be elected; expected majority"));
  EXPECT_THAT(Warnings("cluster: {replicas: 1}\nfailover: {preset: raft}\n"),
              AllOf(StartsWith("t.yaml:4:12: warning: failover.granted_by majority of 2 nodes "
                               "needs every node"),
                    HasSubstr("expected at least 2 replicas")));
}

TEST(ElectionWarnings, OfCandidatesThatMayLackAcknowledgedWrites) {
  const std::string any = "failover: {preset: raft, grant_rule: any}\n";
  EXPECT_THAT(Warnings(any + "replication: {preset: quorum}\n"),
              AllOf(StartsWith("t.yaml:3:26: warning: failover.grant_rule any"),
                    HasSubstr("an elected node may lack acknowledged writes")));
  EXPECT_EQ(Warnings(any + "replication: {preset: async}\n"), "");
}

TEST(ElectionWarnings, OfAPrimaryThatKeepsLeading) {
  EXPECT_THAT(Warnings("failover: {suspect_after: 1s}\n"),
              StartsWith("t.yaml:3:12: warning: failover.pre_vote without lose_lead"));
  EXPECT_EQ(Warnings("failover: {suspect_after: 1s, pre_vote: false}\n"), "");
  EXPECT_EQ(Warnings(absl::StrCat("failover: {suspect_after: 1s, ", kLoseLead, "}\n")), "");
}

TEST(ElectionWarnings, OfFewHeartbeatsPerSilence) {
  const auto heartbeat = [](const char* interval) {
    return Warnings(
        absl::StrCat("failover: {preset: raft}\ncluster: {heartbeat: {timeout: 2s, "
                     "interval: ",
                     interval, "}}\n"));
  };
  EXPECT_THAT(heartbeat("400ms"),
              StartsWith("t.yaml:4:36: warning: failover.suspect_after 1s is less than 3 times "
                         "heartbeat.interval 400ms"));
  EXPECT_EQ(heartbeat("300ms"), "");
}

TEST(ElectionWarnings, OfALeaderThatShutsTheGate) {
  const std::string set =
      "failover: {preset: raft}\n"
      "replication: {ack_after: replica-flush, sync_set: \"first 1 [r1]\"}\n";
  const std::string why = "the gate first 1 [r1] cannot be reached while r1 leads";
  EXPECT_THAT(Warnings(set),
              AllOf(StartsWith("t.yaml:4:41: warning: r1 can be elected, and " + why),
                    HasSubstr("or failover.never_leads: r1\n")));
  EXPECT_THAT(Warnings(set + "faults:\n  - {when: {at: 1s}, do: promote, node: r1}\n"),
              AllOf(HasSubstr("faults[0] lets r1 stand for election, and " + why),
                    Not(HasSubstr("can be elected"))));
  EXPECT_EQ(Warnings("failover: {preset: raft, never_leads: r1}\n"
                     "replication: {ack_after: replica-flush, sync_set: \"first 1 [r1]\"}\n"
                     "faults:\n  - {when: {at: 1s}, do: promote, node: best}\n"),
            "");
}

}  // namespace
}  // namespace replsim::scenario_elections_test
