// The in-sync set of a scenario: how it resolves, what is refused, what it promises.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/promise/promise.h"
#include "simulator/scenario/node_set.h"
#include "simulator/scenario/presets_text.h"
#include "simulator/scenario/scenario.h"
#include "simulator/scenario/units.h"
#include "simulator/scenario/write_yaml.h"

namespace replsim::scenario_in_sync_test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kPatroni[] = "failover: {preset: \"patroni:sync\"}\n";
constexpr char kPostgres[] = "replication: {preset: \"postgres:on\"}\n";
constexpr char kKafka[] =
    "failover: {preset: \"kafka:elr\"}\nreplication: {preset: \"kafka:acks_all\"}\n";

absl::StatusOr<LoadedScenario> TryLoad(const std::string& rest) {
  return LoadScenarioText("duration: 5s\nworkload: {arrival: {rate: 100/s}}\n" + rest, "t.yaml", {},
                          {});
}
std::string RefusalOf(const std::string& rest) {
  const auto loaded = TryLoad(rest);
  return loaded.ok() ? "accepted" : std::string(loaded.status().message());
}
proto::Scenario Load(const std::string& rest) {
  auto loaded = TryLoad(rest);
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->scenario : proto::Scenario();
}
Promise PromiseWith(const std::string& rest) { return PromiseOf(Load(rest)); }

TEST(InSync, ThePresetOfElectionsSaysWhoIsInTheSet) {
  const proto::Scenario scenario = Load(absl::StrCat(kPatroni, kPostgres));
  const proto::ReplicationSpec& spec = scenario.replication();
  EXPECT_EQ(spec.ack_after(), proto::REPLICA_FLUSH);  // of the replication preset
  EXPECT_EQ(spec.sync_set().kind(), proto::SyncSetSpec::IN_SYNC);
  EXPECT_EQ(spec.in_sync().size(), 1u);
  EXPECT_EQ(spec.in_sync().min(), 0u);
  EXPECT_EQ(ToText(spec.in_sync().leave_after()), "10s");
  EXPECT_EQ(scenario.failover().grant_rule(), proto::IN_SYNC_SET);
  EXPECT_EQ(scenario.cluster().witnesses(), 3u);
}

TEST(InSync, ItsTimeIsScaledAndTheScenariosOwnOverridesIt) {
  EXPECT_EQ(ToText(Load(absl::StrCat(kPatroni,
                                     "replication: {preset: \"postgres:on\", "
                                     "scale_times: 0.1}\n"))
                       .replication()
                       .in_sync()
                       .leave_after()),
            "1s");
  const proto::InSync own =
      Load(absl::StrCat(kPatroni,
                        "replication: {preset: \"postgres:on\", scale_times: 0.1, "
                        "in_sync: {leave_after: 7s, size: 2}}\n"))
          .replication()
          .in_sync();
  EXPECT_EQ(ToText(own.leave_after()), "7s");
  EXPECT_EQ(own.size(), 2u);
}

TEST(InSync, AResolvedScenarioLoadsAgain) {
  const std::string text = WriteYaml(Load(kKafka));
  EXPECT_THAT(text, HasSubstr("sync_set: in-sync\n"));
  const auto again = LoadScenarioText(text, "t.yaml", {}, {});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(WriteYaml(again->scenario), text);
}

TEST(InSync, NeedsWitnessesThatStoreItAndAGateThatWaits) {
  EXPECT_THAT(RefusalOf("replication: {ack_after: replica-flush, sync_set: in-sync}\n"),
              HasSubstr("t.yaml:3:41: sync_set in-sync needs witnesses that store the set"));
  EXPECT_THAT(RefusalOf("failover: {preset: raft}\nreplication: {ack_after: replica-flush, "
                        "sync_set: in-sync}\n"),
              HasSubstr("needs witnesses that store the set"));
  EXPECT_THAT(RefusalOf(kPatroni), HasSubstr("t.yaml:3:12: sync_set in-sync has no effect"));
  EXPECT_THAT(RefusalOf("replication: {preset: quorum, in_sync: {size: 1}}\n"),
              HasSubstr("replication.in_sync has no effect with sync_set 'majority'"));
  EXPECT_THAT(RefusalOf("failover: {preset: patroni, grant_rule: in-sync-set}\n"),
              HasSubstr("failover.grant_rule in-sync-set has no effect"));
}

TEST(InSync, ItsNumbersMustFit) {
  const auto with = [](const std::string& in_sync) {
    return RefusalOf(absl::StrCat(kPatroni, "replication: {preset: \"postgres:on\", in_sync: {",
                                  in_sync, "}}\n"));
  };
  EXPECT_EQ(with("size: 2, min: 2"), "accepted");
  EXPECT_THAT(with("size: 1, min: 2"), HasSubstr("in_sync.min 2 is above its size 1"));
  EXPECT_THAT(with("size: 3, min: 3"), HasSubstr("in_sync.min needs 3 replicas that may lead"));
  EXPECT_THAT(with("size: 0"), HasSubstr("in_sync.size is 0"));
  EXPECT_THAT(with("leave_after: 0s"), HasSubstr("in_sync.leave_after is zero"));
}

TEST(InSync, SomeOfTheSetMayAcknowledgeIfAQuorumElects) {
  const std::string postgres = "replication: {preset: \"postgres:on\"";
  const std::string quorum = "failover: {preset: \"patroni:quorum\"}\n";
  const proto::Scenario scenario = Load(quorum + postgres + "}\n");
  EXPECT_EQ(scenario.failover().grant_rule(), proto::IN_SYNC_QUORUM);
  EXPECT_EQ(scenario.replication().in_sync().acks(), 1u);
  EXPECT_FALSE(scenario.replication().in_sync().has_size());
  EXPECT_FALSE(scenario.failover().has_lag_max());
  EXPECT_TRUE(PromiseOf(scenario).keeps_acknowledged);
  EXPECT_THAT(PromiseOf(scenario).because, HasSubstr("at least one has each acknowledged write"));
  EXPECT_THAT(*PresetText("patroni:quorum"), HasSubstr("replication.in_sync.acks         1\n"));
  EXPECT_THAT(RefusalOf(quorum + postgres + ", in_sync: {acks: 0}}\n"),
              HasSubstr("in_sync.acks is 0"));
  EXPECT_THAT(RefusalOf(quorum + postgres + ", in_sync: {acks: 3}}\n"),
              HasSubstr("in_sync.acks needs 3 replicas; the cluster has 2"));
  EXPECT_THAT(RefusalOf(quorum + postgres + ", in_sync: {acks: 2, size: 1}}\n"),
              HasSubstr("in_sync.acks 2 is above in_sync.size 1"));
  EXPECT_THAT(RefusalOf("failover: {preset: \"patroni:sync\", grant_rule: in-sync-quorum}\n" +
                        postgres + "}\n"),
              HasSubstr("in-sync-quorum without replication.in_sync.acks is the same"));
  EXPECT_THAT(RefusalOf("failover: {preset: \"patroni:quorum\", unclean_restart: not-eligible}\n" +
                        postgres + "}\n"),
              HasSubstr("needs failover.grant_rule in-sync-set"));
}

TEST(InSync, AMemberThatNeedsNoQuorumMayLackWhatSomeAcknowledged) {
  const std::string text =
      "failover: {preset: \"patroni:sync\"}\n"
      "replication: {preset: \"postgres:on\", in_sync: {acks: 1, size: 2}}\n";
  EXPECT_FALSE(PromiseWith(text).keeps_acknowledged);
  EXPECT_THAT(WarningsText(*TryLoad(text)), HasSubstr("expected in-sync-quorum"));
}

TEST(InSync, AnUncleanElectionPromisesNothing) {
  const std::string postgres = "replication: {preset: \"postgres:on\"}\n";
  const std::string text = "failover: {preset: \"patroni:sync\", unclean_after: 0s}\n" + postgres;
  EXPECT_TRUE(Load(text).failover().has_unclean_after());
  EXPECT_FALSE(PromiseWith(text).keeps_acknowledged);
  EXPECT_THAT(PromiseWith(text).because, HasSubstr("unclean_after"));
  EXPECT_FALSE(
      ElectionsKeepWrites(Load("failover: {preset: \"kafka:elr\", unclean_after: 1s}\n"
                               "replication: {preset: \"kafka:acks_all\"}\n")));
  EXPECT_THAT(RefusalOf("failover: {preset: raft, unclean_after: 1s}\n"),
              HasSubstr("failover.unclean_after has no effect without failover.grant_rule "
                        "in-sync-set"));
  EXPECT_THAT(RefusalOf("failover: {unclean_after: 1s}\n"),
              HasSubstr("because the nodes elect no primary"));
}

TEST(InSync, IsNoSetOfVoters) { EXPECT_FALSE(ParseNodeSet("in-sync").ok()); }

TEST(InSync, AnotherGrantRuleIsWarnedOf) {
  const auto loaded =
      TryLoad(absl::StrCat("failover: {preset: \"patroni:sync\", grant_rule: any}\n", kPostgres));
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(WarningsText(*loaded), HasSubstr("nodes outside the in-sync set"));
}

TEST(InSync, ThePresetsTellTheirSet) {
  const std::string text = *PresetText("kafka:elr");
  EXPECT_THAT(text, HasSubstr("replication.in_sync.size         every replica\n"));
  EXPECT_THAT(text, HasSubstr("replication.in_sync.leave_after  30s\n"));
  EXPECT_THAT(text, HasSubstr("replication.in_sync.min          1\n"));
  EXPECT_THAT(text, HasSubstr("failover.unclean_restart         not-eligible\n"));
}

TEST(InSync, KeepsWhatWasAcknowledgedWhoeverDies) {
  const std::string kills = "faults: [{when: {at: 1s}, do: kill, node: p}]\n";
  const std::string power = "faults: [{when: {at: 1s}, do: power-loss, node: p}]\n";
  const std::string patroni = absl::StrCat(kPatroni, kPostgres);
  EXPECT_TRUE(PromiseWith(patroni).keeps_acknowledged);
  EXPECT_TRUE(PromiseWith(patroni + kills).keeps_acknowledged);
  EXPECT_TRUE(PromiseWith(patroni + power).keeps_acknowledged);
  EXPECT_TRUE(PromiseWith(kKafka + kills).keeps_acknowledged);
  const std::string any =
      absl::StrCat("failover: {preset: \"patroni:sync\", grant_rule: any}\n", kPostgres);
  EXPECT_FALSE(PromiseWith(any + kills).keeps_acknowledged);
  const std::string one =
      absl::StrCat("failover: {preset: \"patroni:sync\", granted_by: any 1}\n", kPostgres);
  EXPECT_FALSE(PromiseWith(one + kills).keeps_acknowledged);
}

// kafka:acks_all acknowledges what is in two page caches (in_sync.min 1).
TEST(InSync, OneOfTwoCopiesMayBeLostIfItsNodeIsNotElected) {
  const std::string p = "{when: {at: 1s}, do: power-loss, node: p}";
  const std::string r1 = "{when: {at: 2s}, do: power-loss, node: r1}";
  const std::string primary = "{when: {at: 2s}, do: power-loss, node: primary}";
  const std::string often =
      "{when: {at: 1s}, do: power-loss, node: primary, for: 100ms, every: 1s}";
  const std::string kill = "{when: {at: 2s}, do: kill, node: r1}";
  const auto with = [](const std::string& elections, const std::string& faults,
                       const std::string& more = "") {
    return PromiseWith(absl::StrCat("failover: {preset: \"kafka:elr\"", elections,
                                    "}\nreplication: {preset: \"kafka:acks_all\"", more,
                                    "}\nfaults: [", faults, "]\n"));
  };
  EXPECT_TRUE(with("", p).keeps_acknowledged);
  EXPECT_TRUE(with("", p + "," + p).keeps_acknowledged);
  EXPECT_TRUE(with("", p + "," + kill).keeps_acknowledged);
  EXPECT_FALSE(with("", p + "," + r1).keeps_acknowledged);
  EXPECT_FALSE(with("", p + "," + primary).keeps_acknowledged);
  EXPECT_FALSE(with("", often).keeps_acknowledged);
  EXPECT_TRUE(with("", p + "," + r1, ", in_sync: {min: 2}").keeps_acknowledged);
  EXPECT_FALSE(with("", p, ", in_sync: {min: 0}").keeps_acknowledged);
  EXPECT_FALSE(with(", unclean_restart: eligible", p).keeps_acknowledged);
  // What is in the memory of a process dies with it.
  const std::string in_process = ", ack_after: replica-receive";
  EXPECT_TRUE(with("", kill, in_process).keeps_acknowledged);
  EXPECT_FALSE(with("", p + "," + kill, in_process).keeps_acknowledged);
}

TEST(InSync, AnElectionKeepsWritesAlsoWhereEveryCopyMayBeLost) {
  const std::string both =
      "faults: [{when: {at: 1s}, do: power-loss, node: p}, "
      "{when: {at: 2s}, do: power-loss, node: r1}]\n";
  EXPECT_TRUE(ElectionsKeepWrites(Load(kKafka + both)));
  EXPECT_FALSE(
      ElectionsKeepWrites(Load("failover: {preset: \"kafka:elr\", unclean_restart: eligible}\n"
                               "replication: {preset: \"kafka:acks_all\"}\n" +
                               both)));
}

TEST(InSync, OnlyAPrimaryThatPublishesASetCanEndAnUncleanRestart) {
  EXPECT_THAT(RefusalOf("failover: {preset: raft, unclean_restart: not-eligible}\n"),
              HasSubstr("unclean_restart not-eligible needs failover.grant_rule in-sync-set"));
  EXPECT_THAT(RefusalOf("failover: {unclean_restart: not-eligible}\n"),
              HasSubstr("failover.unclean_restart has no effect"));
  EXPECT_EQ(Load(kKafka).failover().unclean_restart(), proto::NOT_ELIGIBLE);
  EXPECT_EQ(Load(absl::StrCat(kPatroni, kPostgres)).failover().unclean_restart(), proto::ELIGIBLE);
}

TEST(InSync, AnUncleanRestartIsHarmlessWhereEveryMemberFlushes) {
  const auto loaded = TryLoad(absl::StrCat(
      "failover: {preset: \"patroni:sync\", unclean_restart: not-eligible}\n", kPostgres));
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(WarningsText(*loaded), HasSubstr("so no restart loses it"));
  EXPECT_THAT(WarningsText(*TryLoad(kKafka)), Not(HasSubstr("unclean_restart")));
}

}  // namespace
}  // namespace replsim::scenario_in_sync_test
