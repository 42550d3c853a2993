#include "simulator/scenario/presets.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "simulator/promise/node_durability.h"
#include "simulator/scenario/election_presets.h"
#include "simulator/scenario/help_text.h"
#include "simulator/scenario/presets_text.h"
#include "simulator/scenario/scenario.h"

namespace replsim::presets_test {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

proto::Scenario Load(const std::string& rest) {
  const auto loaded = LoadScenarioText("duration: 5s\nworkload: {arrival: {rate: 100/s}}\n" + rest,
                                       "test.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->scenario : proto::Scenario();
}

TEST(Presets, EveryOneSetsEveryKnobAndLoadsWithTwoReplicas) {
  for (const Preset& preset : Presets()) {
    const proto::Scenario scenario =
        Load(absl::StrCat("replication: {preset: \"", preset.name, "\"}\n"));
    EXPECT_TRUE(MessageDifferencer::Equals(scenario.replication(), preset.knobs)) << preset.name;
    EXPECT_NE(scenario.cluster().durability().sync(), proto::SYNC_UNSPECIFIED) << preset.name;
  }
}

TEST(Presets, TheScenariosOwnKnobsOverrideThem) {
  const proto::Scenario scenario =
      Load("replication: {preset: sync, sync_set: first 1, timeout: 3s}\n");
  EXPECT_EQ(scenario.replication().sync_set().kind(), proto::SyncSetSpec::FIRST_OF);
  EXPECT_EQ(scenario.replication().timeout().ns(), 3'000'000'000);
  EXPECT_EQ(scenario.replication().ack_after(), proto::REPLICA_APPLY);
}

TEST(Presets, ImplyADurabilityThatTheScenariosOwnOverrides) {
  const proto::Scenario implied = Load("replication: {preset: \"postgres:off\"}\n");
  EXPECT_EQ(implied.cluster().durability().sync(), proto::INTERVAL);
  EXPECT_EQ(implied.cluster().durability().interval().ns(), 200'000'000);
  const proto::Scenario own =
      Load("replication: {preset: \"postgres:off\"}\ncluster: {durability: {sync: every-write}}\n");
  EXPECT_EQ(own.cluster().durability().sync(), proto::EVERY_WRITE);
}

TEST(Presets, PostgresSendsWhatIsFlushedAndItsStandbyFlushesAtOnce) {
  const proto::Scenario scenario = Load("replication: {preset: \"postgres:off\"}\n");
  EXPECT_EQ(scenario.replication().send_after(), proto::FLUSH);
  EXPECT_TRUE(scenario.replication().serialize_keys());
  EXPECT_EQ(DurabilityAsPrimary(scenario.cluster(), "p").sync(), proto::INTERVAL);
  EXPECT_EQ(DurabilityAsReplica(scenario.cluster(), "r1").sync(), proto::EVERY_BATCH);
}

TEST(Presets, ImplyTheTimesOfTheirSystemsThatTheScenarioOverrides) {
  const proto::Scenario implied = Load("replication: {preset: \"postgres:on\"}\n");
  EXPECT_EQ(implied.cluster().heartbeat().timeout().ns(), 60'000'000'000);
  EXPECT_EQ(implied.failover().promotion_time().ns(), 150'000'000);
  const proto::Scenario own = Load(
      "replication: {preset: \"postgres:on\"}\ncluster: {heartbeat: {timeout: 900ms}}\n"
      "failover: {promotion_time: 0s}\n");
  EXPECT_EQ(own.cluster().heartbeat().timeout().ns(), 900'000'000);
  EXPECT_EQ(own.cluster().heartbeat().interval().ns(), 300'000'000) << "a third of it";
  EXPECT_EQ(own.failover().promotion_time().ns(), 0);
}

TEST(Presets, ScaleTimesMultipliesWhatThePresetImpliesAndNothingElse) {
  const proto::Scenario scenario = Load(
      "replication: {preset: \"mysql:after_sync\", scale_times: 0.01}\n"
      "cluster: {heartbeat: {interval: 50ms}}\n");
  EXPECT_EQ(scenario.replication().timeout().ns(), 100'000'000);
  EXPECT_EQ(scenario.cluster().heartbeat().timeout().ns(), 600'000'000);
  EXPECT_EQ(scenario.cluster().heartbeat().interval().ns(), 50'000'000);
}

TEST(Presets, WhereAMajorityAcknowledgesAnOwnRecordTakesOver) {
  EXPECT_EQ(Load("replication: {preset: quorum}\n").failover().take_over(), proto::OWN_RECORD);
  EXPECT_EQ(
      Load("replication: {ack_after: replica-write, sync_set: majority}\n").failover().take_over(),
      proto::OWN_RECORD);
  EXPECT_EQ(Load("replication: {preset: sync}\n").failover().take_over(), proto::AT_ONCE);
  EXPECT_EQ(Load("replication: {preset: quorum}\nfailover: {take_over: at-once}\n")
                .failover()
                .take_over(),
            proto::AT_ONCE);
}

TEST(Presets, ReplicasFirstSendsBeforeThePrimaryLogs) {
  EXPECT_EQ(Load("replication: {preset: \"postgres:on\", order: replicas-first}\n")
                .replication()
                .send_after(),
            proto::APPEND);
}

TEST(NodeDurability, TheCloserSettingCounts) {
  const proto::Scenario scenario = Load(
      "cluster:\n"
      "  replicas: 2\n"
      "  durability: {sync: interval, interval: 50ms, replica: {sync: every-batch}}\n"
      "  nodes:\n"
      "    r1: {durability: {sync: os}}\n"
      "    r2: {durability: {replica: {sync: every-write}}}\n"
      "replication: {ack_after: write}\n");
  const proto::Cluster& cluster = scenario.cluster();
  EXPECT_EQ(DurabilityAsPrimary(cluster, "p").sync(), proto::INTERVAL);
  EXPECT_EQ(DurabilityAsReplica(cluster, "p").sync(), proto::EVERY_BATCH);
  EXPECT_EQ(DurabilityAsPrimary(cluster, "r1").sync(), proto::OS);
  EXPECT_EQ(DurabilityAsReplica(cluster, "r1").sync(), proto::OS);
  EXPECT_EQ(DurabilityAsReplica(cluster, "r2").sync(), proto::EVERY_WRITE);
  EXPECT_EQ(DurabilityAsPrimary(cluster, "r2").interval().ns(), 50'000'000);
}

TEST(Presets, KnobsAloneShowAWriteWhenTheyAnswerIt) {
  const proto::Scenario scenario = Load("replication: {ack_after: replica-flush}\n");
  EXPECT_EQ(scenario.replication().preset(), "");
  EXPECT_EQ(scenario.replication().visible_after(), proto::REPLICA_FLUSH);
}

TEST(Presets, AnUnknownOneIsToldWithTheNearest) {
  const auto loaded = LoadScenarioText(
      "duration: 5s\nworkload: {arrival: {rate: 100/s}}\nreplication: {preset: semisync}\n",
      "test.yaml", {}, {});
  ASSERT_FALSE(loaded.ok());
  EXPECT_THAT(std::string(loaded.status().message()),
              HasSubstr("test.yaml:3:15: unknown preset 'semisync'; did you mean 'semi-sync'?"));
}

TEST(Presets, AllAreListedWithTheKnobsTheyStandFor) {
  const std::string text = PresetsText();
  for (const Preset& preset : Presets()) EXPECT_THAT(text, HasSubstr("\n" + preset.name + " "));
  EXPECT_THAT(text, HasSubstr("degrade 10s"));
  for (const absl::string_view line : absl::StrSplit(text, '\n'))
    EXPECT_LE(line.size(), 80u) << line;
}

TEST(Presets, ElectionsAreListedAndShownLikeTheOthers) {
  const std::string text = PresetsText();
  for (const ElectionPreset& preset : ElectionPresets()) {
    EXPECT_THAT(text, HasSubstr("\n" + preset.name + " "));
    EXPECT_EQ(FindPreset(preset.name), nullptr) << "one name, one preset";
    ASSERT_TRUE(PresetText(preset.name).ok());
  }
  const std::string raft = *PresetText("raft");
  EXPECT_THAT(raft, HasSubstr("failover.suspect_after      1s\n"));
  EXPECT_THAT(raft, HasSubstr("failover.stand_delay        {uniform: {min: 0s, max: 1s}}\n"));
  EXPECT_THAT(raft, HasSubstr("election-timeout"));
  EXPECT_THAT(raft, HasSubstr("\nNot modelled\n"));
  EXPECT_THAT(*PresetText("manual"), HasSubstr("failover.suspect_after  no elections\n"));
  EXPECT_THAT(*PresetText("manual"), Not(HasSubstr("Not modelled")));
  EXPECT_THAT(std::string(PresetText("rafft").status().message()),
              HasSubstr("did you mean 'raft'?"));
}

TEST(Presets, AnElectionPresetSetsEveryKnobOfElections) {
  for (const ElectionPreset& preset : ElectionPresets()) {
    const proto::Failover failover =
        Load(absl::StrCat("replication: {preset: quorum}\nfailover: {preset: \"", preset.name,
                          "\"}\n"))
            .failover();
    proto::Failover expected = preset.knobs;
    expected.set_drain(failover.drain());
    *expected.mutable_promotion_time() = failover.promotion_time();
    expected.set_take_over(failover.take_over());
    if (!expected.has_suspect_after()) expected.set_rejoin(proto::WAIT_FOR_RESTART);
    EXPECT_TRUE(MessageDifferencer::Equals(failover, expected)) << preset.name;
    EXPECT_EQ(preset.knobs.has_suspect_after(), preset.name != "manual");
  }
}

TEST(Presets, ScaleTimesMultipliesThoseOfElectionsToo) {
  const proto::Scenario scenario = Load(
      "replication: {preset: \"mongodb:majority\", scale_times: 0.01}\n"
      "failover: {preset: mongodb}\n");
  EXPECT_EQ(scenario.failover().suspect_after().ns(), 100'000'000);
  EXPECT_EQ(scenario.failover().stand_delay().uniform().min().ns(), 0);
  EXPECT_EQ(scenario.failover().stand_delay().uniform().max().ns(), 15'000'000);
  EXPECT_EQ(scenario.failover().lose_lead().for_().ns(), 100'000'000);
  EXPECT_EQ(scenario.cluster().heartbeat().interval().ns(), 20'000'000);
  EXPECT_EQ(scenario.failover().take_over(), proto::OWN_RECORD) << "of the replication preset";
  EXPECT_EQ(Load("replication: {scale_times: 0.01}\nfailover: {suspect_after: 1s}\n")
                .failover()
                .suspect_after()
                .ns(),
            1'000'000'000)
      << "the scenario's own";
}

TEST(Presets, OneIsShownWithEverySettingAndItsSource) {
  const auto text = PresetText("postgres:off");
  ASSERT_TRUE(text.ok());
  EXPECT_THAT(*text, HasSubstr("replication.ack_after            append\n"));
  EXPECT_THAT(*text, HasSubstr("cluster.durability.sync          interval 200ms\n"));
  EXPECT_THAT(*text, HasSubstr("failover.promotion_time          150ms\n"));
  EXPECT_THAT(*text, HasSubstr("wal_writer_delay 200 ms"));
  EXPECT_THAT(std::string(PresetText("postgres:onn").status().message()),
              HasSubstr("did you mean 'postgres:on'?"));
}

TEST(Presets, TheShownSettingsAreWhatAScenarioMaySet) {
  const std::string text = *PresetText("postgres:on") + *PresetText("raft");
  int checked = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (!absl::StartsWith(line, "  replication.") && !absl::StartsWith(line, "  cluster.") &&
        !absl::StartsWith(line, "  failover.")) {
      continue;
    }
    ++checked;
    EXPECT_TRUE(SchemaText(words[0]).ok()) << words[0];
  }
  EXPECT_EQ(checked, 15 + 12);
}

TEST(HelpText, TheSchemaTellsEveryKeyAndItsComment) {
  const auto text = SchemaText("");
  ASSERT_TRUE(text.ok());
  EXPECT_THAT(*text, HasSubstr("replication.on_timeout"));
  EXPECT_THAT(*text, HasSubstr("block | reject | unknown | degrade"));
  EXPECT_THAT(*text, HasSubstr("What happens when the gate is"));
  EXPECT_THAT(*text, HasSubstr("workload.arrival.closed.think"));
  EXPECT_THAT(*text, HasSubstr("  exponential  {mean: 2ms}"));
  EXPECT_FALSE(SchemaText("worklod").ok());
}

size_t LinesWith(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    count += absl::StrContains(line, part) ? 1 : 0;
  }
  return count;
}

TEST(HelpText, TheFormsOfADelayAreListedOnce) {
  EXPECT_EQ(LinesWith(*SchemaText(""), "  exponential "), 1u);
  EXPECT_EQ(LinesWith(*SchemaText("machine"), "  exponential "), 1u) << "and in each part alone";
  EXPECT_THAT(*SchemaText("machine"), HasSubstr("Forms: see machine.hop."));
}

TEST(HelpText, OneKeyOfTheSchemaIsShownAlone) {
  EXPECT_EQ(LinesWith(*SchemaText("replication.sync_set"), "replication."), 1u);
  EXPECT_THAT(*SchemaText("workload.arrival"), HasSubstr("workload.arrival.closed.think"));
  EXPECT_THAT(*SchemaText("workload.arrival"), Not(HasSubstr("workload.clients")));
  EXPECT_THAT(*SchemaText("machine.replica_flush"), HasSubstr("machine.replica_flush  delay"));
  EXPECT_THAT(*SchemaText("duration"), HasSubstr("How long the load runs"));
}

TEST(HelpText, OneValueOfTheSchemaIsShownAlone) {
  EXPECT_THAT(*SchemaText("faults.kill"), StartsWith("faults[].do  kill"));
  EXPECT_EQ(*SchemaText("faults.do.kill"), *SchemaText("faults.kill"));
  EXPECT_THAT(*SchemaText("expect.acked_lost"), StartsWith("expect[].METRIC  acked_lost"));
}

TEST(HelpText, AnUnknownKeyIsToldWithTheNearest) {
  EXPECT_EQ(std::string(SchemaText("replication.sink_set").status().message()),
            "a scenario has no 'replication.sink_set'; did you mean 'replication.sync_set'?");
}

TEST(HelpText, FaultsListsActionsAndPoints) {
  EXPECT_THAT(FaultsText(), HasSubstr("before-replica.flush"));
  EXPECT_THAT(FaultsText(), HasSubstr("slow-apply   A replica applies slowly."));
}

}  // namespace
}  // namespace replsim::presets_test
