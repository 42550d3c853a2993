#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/scenario.h"
#include "simulator/scenario/schema_comments.h"
#include "simulator/scenario/write_yaml.h"

namespace replsim::scenario_loader_test {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr char kBase[] = "duration: 5s\nworkload: {arrival: {rate: 100/s}}\n";  // two lines

std::string Refusal(const std::string& text, const std::vector<std::string>& sets = {},
                    const std::vector<std::string>& varies = {}) {
  const auto loaded = LoadScenarioText(text, "kill.yaml", sets, varies);
  return loaded.ok() ? "accepted" : std::string(loaded.status().message());
}

LoadedScenario Load(const std::string& text, const std::vector<std::string>& sets = {},
                    const std::vector<std::string>& varies = {}) {
  auto loaded = LoadScenarioText(text, "kill.yaml", sets, varies);
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? *std::move(loaded) : LoadedScenario();
}

std::vector<std::string> Names(const LoadedScenario& loaded) {
  std::vector<std::string> names;
  for (const Variant& variant : loaded.variants) names.push_back(variant.name);
  return names;
}

TEST(Loader, AnUnknownKeyIsToldWithItsPlaceAndTheNearest) {
  EXPECT_EQ(Refusal(absl::StrCat(kBase, "cluster:\n  relicas: 2\n")),
            "kill.yaml:4:3: unknown key 'relicas' in cluster; did you mean 'replicas'? "
            "(known: replicas, durability, heartbeat, record, groups, metrics_port, witnesses, "
            "nodes, system, settings)");
}

TEST(Loader, EveryMistakeIsToldInOneGo) {
  const std::string told = Refusal(
      "duration: 5\nsed: 1\ncluster: [1]\nworkload: {clients: -1, style: blokcing, arrival: {rate: "
      "fast}}\n"
      "network: {}\nreplication: {sync_set: most}\nfaults:\n  - {when: {at: 1s}, do: kil, node: "
      "r1}\n");
  EXPECT_THAT(
      std::vector<std::string>(absl::StrSplit(told, '\n')),
      ElementsAre(
          StartsWith("kill.yaml:1:11: duration: '5' has no unit"),
          StartsWith("kill.yaml:2:1: unknown key 'sed' at the top; did you mean 'seed'?"),
          StartsWith("kill.yaml:3:10: read a list for cluster; expected a map"),
          StartsWith("kill.yaml:4:21: read '-1' for workload.clients; expected a whole number"),
          StartsWith("kill.yaml:4:32: unknown value 'blokcing' for workload.style; did you mean "
                     "'blocking'?"),
          StartsWith("kill.yaml:4:58: workload.arrival.rate: 'fast' does not begin with a number"),
          StartsWith("kill.yaml:5:10: read a map for network; expected a list"),
          StartsWith("kill.yaml:6:25: replication.sync_set: 'most'"),
          StartsWith(
              "kill.yaml:8:26: unknown value 'kil' for faults[0].do; did you mean 'kill'?")));
}

TEST(Loader, TellsAtMostTwentyMistakes) {
  std::string text = kBase;
  for (int i = 0; i < 30; ++i) absl::StrAppend(&text, "key", i, ": 1\n");
  const std::vector<std::string> told = absl::StrSplit(Refusal(text), '\n');
  EXPECT_THAT(told, SizeIs(21));
  EXPECT_EQ(told.back(), "and 10 more");
}

TEST(Loader, DuplicateKeysAreRefused) {
  EXPECT_EQ(Refusal(absl::StrCat(kBase, "seed: 1\nseed: 2\n")),
            "kill.yaml:4:1: 'seed' is given twice at the top; the first is at kill.yaml:3:1");
}

TEST(Loader, WhatIsNoScenarioIsRefusedWithAPlace) {
  EXPECT_THAT(Refusal(""), StartsWith("kill.yaml:1:1: the file is empty"));
  EXPECT_THAT(Refusal("# nothing\n"), StartsWith("kill.yaml:"));
  EXPECT_THAT(Refusal("- 1\n"), HasSubstr("expected a map"));
  EXPECT_THAT(Refusal("hello\n"), HasSubstr("expected a map"));
  EXPECT_THAT(Refusal(absl::StrCat(kBase, "---\nseed: 2\n")), HasSubstr("a second document"));
  EXPECT_THAT(Refusal("cluster:\n\treplicas: 2\n"),
              StartsWith("kill.yaml:2:1: this line is indented with a tab"));
  EXPECT_THAT(Refusal("cluster: {replicas: 2\n"), StartsWith("kill.yaml:"));
  EXPECT_THAT(Refusal("seed: &a 1\nduration: *a\n"), HasSubstr("not supported"));
  EXPECT_THAT(Refusal(std::string("seed: \x01\n")), StartsWith("kill.yaml:1:7: control character"));
  EXPECT_THAT(Refusal("name: \xff\n"), HasSubstr("not UTF-8"));
  EXPECT_THAT(Refusal(absl::StrCat(kBase, "cluster:\n")), HasSubstr("read nothing for cluster"));
}

TEST(Loader, AnUnquotedConditionIsToldToBeQuoted) {
  EXPECT_THAT(Refusal(absl::StrCat(kBase, "expect:\n  - acked_lost: > 0\n")),
              HasSubstr("in quotes"));
}

TEST(Loader, AnOpenBracketIsToldWhereItStands) {
  EXPECT_EQ(Refusal("workload: {clients: 4, arrival: {rate: 100/s}\nfaults:\n  - {do: kill}\n"),
            "kill.yaml:1:11: this '{' is never closed; expected a '}'");
  EXPECT_EQ(Refusal("cluster:\n  groups: {a: [p, r1\nseed: 1\n"),
            "kill.yaml:2:15: this '[' is never closed; expected a ']'");
  EXPECT_EQ(Refusal("vary: {replication.preset: [async, sync}\n"),
            "kill.yaml:1:28: this '[' is closed by a '}' (kill.yaml:1:40); expected a ']'");
  EXPECT_THAT(Refusal("question: \"Is [ a bracket?\"  # no { neither\ncluster: {replicas: 2\n"),
              StartsWith("kill.yaml:2:10: this '{' is never closed"));
}

TEST(Loader, ALineThatDoesNotGoWithThoseAboveItIsToldInPlainWords) {
  EXPECT_THAT(Refusal("workload:\n  clients: 4\n  - arrival\n"),
              StartsWith("kill.yaml:3:3: a list entry (- …) among the keys of a map"));
  EXPECT_THAT(Refusal("expect:\n- {acked_lost: \"== 0\"}\n  seed: 1\n"),
              StartsWith("kill.yaml:3:3: this line is among the entries of a list"));
}

TEST(Loader, AFolderOrADeviceIsNoScenario) {
  const auto refusal = [](const char* path) {
    return std::string(LoadScenario(path, {}, {}).status().message());
  };
  EXPECT_EQ(refusal("/tmp"),
            "/tmp: is a folder, not a file; expected a scenario file such as "
            "scenarios/quickstart.yaml");
  EXPECT_THAT(refusal("/dev/zero"), StartsWith("/dev/zero: is a device or a socket, not a file"));
}

TEST(Loader, ADurationThatIsTooLargeIsRefusedAlone) {
  const std::string text =
      "duration: 100000000m\nworkload: {arrival: {rate: 100/s}}\n"
      "faults:\n  - {when: {at: 1s}, do: kill, node: p}\n";
  EXPECT_THAT(Refusal(text),
              AllOf(StartsWith("kill.yaml:1:11: duration: '100000000m' is too large"),
                    Not(HasSubstr("\n"))));
}

TEST(Loader, AMistakeInTheNumberOfReplicasIsNoneInTheirNames) {
  EXPECT_THAT(Refusal(absl::StrCat(kBase,
                                   "cluster: {replicas: many}\nfaults:\n"
                                   "  - {when: {at: 1s}, do: kill, node: r5}\n")),
              AllOf(StartsWith("kill.yaml:3:21: read 'many'"), Not(HasSubstr("\n"))));
}

// Warnings as they are printed.
std::string Warnings(const std::string& text) { return WarningsText(Load(kBase + text)); }

TEST(Warnings, APromotionThatShutsTheGateIsWarnedOf) {
  const std::string set =
      "replication: {ack_after: replica-flush, sync_set: \"first 1 [r1]\"}\nfaults:\n"
      "  - {when: {at: 1s}, do: kill, node: p}\n";
  EXPECT_THAT(
      Warnings(set + "  - {when: {after_previous: 1s}, do: promote, node: r1}\n"),
      StartsWith("kill.yaml:6:47: warning: faults[1] promotes r1, and the gate first 1 [r1] "
                 "cannot be reached while r1 leads"));
  EXPECT_THAT(Warnings(set + "  - {when: {after_previous: 1s}, do: promote, node: best}\n"),
              HasSubstr("best may be r1: the gate first 1 [r1] cannot be reached"));
  EXPECT_EQ(Warnings(set + "  - {when: {after_previous: 1s}, do: promote, node: r2}\n"), "");
}

TEST(Warnings, ANodeThatNeverFlushesInItsNextRoleIsWarnedOf) {
  const std::string promote = "faults: [{when: {at: 1s}, do: promote, node: r1}]\n";
  const auto never = [](const char* node) {
    return absl::StrCat("cluster: {replicas: 1, nodes: {", node, ": {durability: {sync: os}}}}\n");
  };
  EXPECT_THAT(Warnings(never("p") + "replication: {preset: semi-sync}\n" + promote),
              HasSubstr("too few replicas flush while r1 leads: with durability.sync os p never "
                        "flushes; expected another sync for that role"));
  EXPECT_THAT(Warnings(never("r1") + "replication: {preset: 'mariadb:after_sync'}\n" + promote),
              HasSubstr("r1 sends nothing while it leads: send_after waits for a flush"));
  EXPECT_EQ(Warnings(never("p") + "replication: {preset: async}\n" + promote), "");
}

TEST(Warnings, ASetThatAnotherReplicaCanFillIsFine) {
  const std::string promote = "faults:\n  - {when: {at: 1s}, do: promote, node: best}\n";
  for (const char* set : {"first 1 [r1, r2]", "any 1", "majority", "all"}) {
    EXPECT_EQ(Warnings(absl::StrCat("replication: {ack_after: replica-flush, sync_set: \"", set,
                                    "\"}\n", promote)),
              "")
        << set;
  }
}

TEST(Warnings, OfSomeVariantsNameThem) {
  EXPECT_THAT(Warnings("faults:\n  - {when: {at: 1s}, do: promote, node: r1}\n"
                       "replication: {ack_after: replica-flush}\n"
                       "vary: {replication.sync_set: [any 1, \"first 1 [r1]\"]}\n"),
              HasSubstr("(variant 'first 1 [r1]')"));
}

TEST(Loader, DeepNestingIsRefused) {
  EXPECT_NE(Refusal("a: " + std::string(100000, '[')), "accepted");
}

TEST(Loader, AMissingFileIsTold) {
  EXPECT_THAT(std::string(LoadScenario("/no/such.yaml", {}, {}).status().message()),
              StartsWith("/no/such.yaml: cannot open"));
}

TEST(Loader, ReadFromIsAWordAListOrAMap) {
  const auto read_from = [](const std::string& text, const std::vector<std::string>& sets = {}) {
    return Load(text, sets).scenario.workload().read_from();
  };
  const std::string any =
      "duration: 5s\nworkload: {arrival: {rate: 1/s}, read_from: any-replica}\n";
  const std::string two =
      "duration: 5s\nworkload: {arrival: {rate: 1/s}, read_from: {replicas: 2}}\n";
  EXPECT_EQ(read_from(kBase).node(), "primary");
  EXPECT_EQ(read_from(any).node(), "any-replica");
  EXPECT_EQ(read_from(two).replicas(), 2u);
  EXPECT_EQ(read_from(two, {"workload.read_from.replicas=1"}).replicas(), 1u);
  EXPECT_EQ(read_from(two, {"workload.read_from=r1"}).node(), "r1");
  EXPECT_FALSE(read_from(two, {"workload.read_from=r1"}).has_replicas());
  EXPECT_EQ(read_from(any, {"workload.read_from={replicas: 2}"}).replicas(), 2u);
  EXPECT_THAT(Names(Load(any, {}, {"workload.read_from=primary,{replicas: 2}"})),
              ElementsAre("primary", "{replicas: 2}"));
  const std::string list = "duration: 5s\nworkload: {arrival: {rate: 1/s}, read_from: [r1, r2]}\n";
  EXPECT_THAT(read_from(list).nodes(), ElementsAre("r1", "r2"));
  EXPECT_THAT(read_from(any, {"workload.read_from=[p, r1]"}).nodes(), ElementsAre("p", "r1"));
  for (const std::string& text : {any, two, list}) {
    const proto::Scenario read = Load(text).scenario;
    EXPECT_TRUE(MessageDifferencer::Equals(Load(WriteYaml(read)).scenario, read)) << text;
  }
  EXPECT_THAT(WriteYaml(Load(any).scenario), HasSubstr("\n  read_from: any-replica\n"));
}

TEST(Overrides, SetsAnyPath) {
  const std::string text = absl::StrCat(
      kBase,
      "network:\n  - {from: p, to: r1, delay: 1ms}\nfaults:\n"
      "  - {when: {at: 1s}, do: kill, node: r1}\n  - {when: {at: 2s}, do: restart, node: r1}\n");
  const LoadedScenario loaded =
      Load(text, {"replication.preset=sync", "cluster.replicas=3", "network[0].delay=7ms",
                  "faults[1].when.at=3s", "network[0].to=[r1, r3]", "workload.arrival.rate=50/s"});
  const proto::Scenario& scenario = loaded.variants.at(0).scenario;
  EXPECT_EQ(loaded.variants[0].name, "sync");
  EXPECT_EQ(scenario.replication().ack_after(), proto::REPLICA_APPLY);
  EXPECT_EQ(scenario.cluster().replicas(), 3u);
  EXPECT_EQ(scenario.network(0).delay().plus().ns(), 7'000'000);
  EXPECT_THAT(scenario.network(0).to(), ElementsAre("r1", "r3"));
  EXPECT_EQ(scenario.faults(1).when().at().ns(), 3'000'000'000);
  EXPECT_EQ(scenario.workload().arrival().rate().per_second(), 50);
}

TEST(Overrides, AMistakeInAFlagNamesTheFlag) {
  EXPECT_THAT(Refusal(kBase, {"replication.prest=async"}),
              StartsWith("--set replication.prest=async: unknown key 'prest' in replication; did "
                         "you mean 'preset'?"));
  EXPECT_THAT(Refusal(kBase, {"network[0].delay=1ms"}), StartsWith("--set network[0].delay=1ms: "));
  EXPECT_THAT(Refusal(kBase, {"seed"}), HasSubstr("expected PATH=VALUE"));
  EXPECT_THAT(Refusal(kBase, {"seed="}), HasSubstr("no value"));
  EXPECT_THAT(Refusal(kBase, {"vary.seed=1"}), HasSubstr("--vary"));
  EXPECT_THAT(Refusal(kBase, {"a..b=1"}), HasSubstr("is not a path"));
  EXPECT_THAT(
      Refusal(kBase, {}, {"replication.preset=async,snyc"}),
      StartsWith(
          "--vary replication.preset=async,snyc: unknown preset 'snyc'; did you mean 'sync'?"));
}

TEST(Variants, AreEveryCombinationNamedByTheirValues) {
  const LoadedScenario loaded = Load(absl::StrCat(
      kBase, "vary:\n  replication.preset: [async, sync]\n  cluster.replicas: [1, 2]\n"));
  EXPECT_THAT(Names(loaded), ElementsAre("async/1", "async/2", "sync/1", "sync/2"));
  EXPECT_EQ(loaded.variants[2].scenario.replication().ack_after(), proto::REPLICA_APPLY);
  EXPECT_EQ(loaded.variants[2].scenario.cluster().replicas(), 1u);
  EXPECT_EQ(loaded.variants[2].scenario.vary_size(), 0);
}

TEST(Variants, ThereIsOneWhereNothingVaries) {
  EXPECT_THAT(Names(Load(kBase)), ElementsAre("async"));
  EXPECT_THAT(Names(Load(absl::StrCat(kBase, "replication: {ack_after: flush}\n"))),
              ElementsAre("run"));
}

TEST(Variants, FlagsReplaceTheFiles) {
  const std::string text = absl::StrCat(
      kBase,
      "vary: {replication.preset: [async, sync]}\nexpect:\n"
      "  - {variant: async, acked_lost: \"> 0\"}\n  - {variant: sync, acked_lost: \"== 0\"}\n");
  const LoadedScenario one = Load(text, {"replication.preset=sync"});
  EXPECT_THAT(Names(one), ElementsAre("sync"));
  ASSERT_EQ(one.scenario.expect_size(), 1);
  EXPECT_THAT(one.scenario.expect(0).variant(), ElementsAre("sync"));
  EXPECT_THAT(Names(Load(text, {}, {"replication.preset=quorum,sync"})),
              ElementsAre("quorum", "sync"));
  EXPECT_THAT(Names(Load(kBase, {}, {"replication.sync_set=any 1,first 2 [r1, r2]"})),
              ElementsAre("any 1", "first 2 [r1, r2]"));
}

TEST(Variants, AMistakeOfOneIsToldWithItsName) {
  EXPECT_EQ(
      Refusal(absl::StrCat(kBase,
                           "replication: {sync_set: any 2}\ncluster: {replicas: 1}\nvary: "
                           "{cluster.replicas: [1, 2]}\n")),
      "kill.yaml:3:15: sync_set 'any 2' waits for 2 replicas; the cluster has 1 (variant '1')");
}

TEST(Variants, AMistakeInWhatVariesIsToldOnce) {
  const std::string path = "vary:\n  replication.prest: [async, sync, quorum]\n  seed: [1, 2]\n";
  EXPECT_THAT(
      Refusal(absl::StrCat(kBase, path)),
      AllOf(StartsWith("kill.yaml:4:3: unknown key 'prest' in replication"), Not(HasSubstr("\n"))));
  const std::string value = "vary:\n  replication.preset: [async, snyc]\n  seed: [1, 2]\n";
  EXPECT_THAT(Refusal(absl::StrCat(kBase, value)),
              AllOf(StartsWith("kill.yaml:4:31: unknown preset 'snyc'"), Not(HasSubstr("\n"))));
  const std::string list = "vary:\n  \"faults[3].node\": [p, r1]\n  seed: [1, 2]\n";
  EXPECT_THAT(Refusal(absl::StrCat(kBase, list)),
              AllOf(StartsWith("kill.yaml:4:3: 'faults[3].node'"), Not(HasSubstr("\n"))));
}

TEST(Variants, ExplicitKnobsOverrideEveryPresetThatVaries) {
  const LoadedScenario loaded = Load(absl::StrCat(
      kBase, "replication: {timeout: 3s}\nvary: {replication.preset: [async, semi-sync]}\n"));
  for (const Variant& variant : loaded.variants)
    EXPECT_EQ(variant.scenario.replication().timeout().ns(), 3'000'000'000);
}

TEST(EnumWords, SpellingsAreThoseTheSchemaSays) {
  const std::string schema = std::string(kKnobsProto) + kWorkloadProto + kScenarioProto;
  for (const char* line :
       {"ANSWER_UNKNOWN = 3;  // spelled \"unknown\"", "NO_WAIT = 1;        // spelled \"none\"",
        "FOR_POSITION = 2;   // spelled \"position\"",
        "FOR_OWN_WRITES = 3;  // spelled \"own-writes\""}) {
    EXPECT_THAT(schema, HasSubstr(line));
  }
  EXPECT_THAT(WordsOf(*proto::ReplicationSpec::descriptor()->FindFieldByName("on_timeout")),
              ElementsAre("block", "reject", "unknown", "degrade"));
  EXPECT_THAT(WordsOf(*proto::Workload::descriptor()->FindFieldByName("read_wait")),
              ElementsAre("none", "position", "own-writes"));
  EXPECT_THAT(WordsOf(*proto::ReplicationSpec::descriptor()->FindFieldByName("send_after")),
              ElementsAre("append", "write", "flush"));
}

// --- the scenario files that ship ---

class ScenarioFile : public testing::TestWithParam<std::string> {
 protected:
  std::string Path() const { return absl::StrCat(REPLSIM_SCENARIOS, "/", GetParam(), ".yaml"); }
};

TEST_P(ScenarioFile, LoadsAndAsksAQuestionOfSeveralVariants) {
  const auto loaded = LoadScenario(Path(), {}, {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->scenario.name(), GetParam());
  EXPECT_NE(loaded->scenario.question(), "");
  EXPECT_NE(loaded->scenario.answer(), "");
  EXPECT_GE(loaded->variants.size(), 2u);
  EXPECT_GT(loaded->scenario.expect_size(), 0);
}

TEST_P(ScenarioFile, IsTheSameAfterItIsWrittenAndLoadedAgain) {
  const auto loaded = LoadScenario(Path(), {}, {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const LoadedScenario again = Load(ToYaml(*loaded));
  EXPECT_TRUE(MessageDifferencer::Equals(again.as_written, loaded->as_written)) << ToYaml(*loaded);
  EXPECT_TRUE(MessageDifferencer::Equals(again.scenario, loaded->scenario));
  ASSERT_EQ(Names(again), Names(*loaded));
  for (size_t i = 0; i < again.variants.size(); ++i) {
    EXPECT_TRUE(
        MessageDifferencer::Equals(again.variants[i].scenario, loaded->variants[i].scenario));
  }
}

TEST_P(ScenarioFile, EveryVariantOfItStandsAlone) {
  const auto loaded = LoadScenario(Path(), {}, {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  for (const Variant& variant : loaded->variants) {
    proto::Scenario alone = variant.scenario;
    alone.clear_expect();  // they name variants that are not there then
    const LoadedScenario again = Load(WriteYaml(alone));
    EXPECT_TRUE(MessageDifferencer::Equals(again.scenario, alone)) << variant.name << "\n"
                                                                   << WriteYaml(alone);
    const auto of_run_folder = LoadScenarioText(ToYaml(variant), "scenario.yaml", {}, {});
    EXPECT_TRUE(of_run_folder.ok()) << variant.name << ": " << of_run_folder.status();
  }
}

std::string TestName(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Shipped, ScenarioFile,
                         testing::Values("quickstart", "kill-primary-mid-write",
                                         "kill-replica-mid-write", "semi-sync-degrades",
                                         "phantom-read", "read-your-writes", "slow-replica",
                                         "apply-order", "partition"),
                         TestName);

}  // namespace
}  // namespace replsim::scenario_loader_test
