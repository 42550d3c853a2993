// The acknowledged writes that a setting of the knobs must keep. docs/modes.md describes them.
#include <gmock/gmock.h>

#include "simulator/explore/draw.h"
#include "simulator/promise/promise.h"
#include "simulator/scenario/presets.h"
#include "tests/unit/explore_fixture.h"

namespace replsim::explore_promise_test {
namespace {

constexpr char kKill[] = "when: {at: 1s}, do: kill, node: primary";
constexpr char kRestart[] = "when: {after_previous: 1s}, do: restart, node: p";
constexpr char kAtOnce[] = "when: {after_previous: 10ms}, do: promote, node: best";
constexpr char kOther[] = "when: {after_previous: 2s}, do: promote, node: r2";

bool Keeps(const std::string& knobs, const std::vector<std::string>& faults) {
  return PromiseOf(WithFaults(knobs, faults)).keeps_acknowledged;
}

struct Row {
  bool restart, best, other;
};

Row RowOf(const std::string& preset) {
  const std::string knobs = absl::StrCat("replication: {preset: \"", preset, "\"}");
  return {Keeps(knobs, {kKill, kRestart}), Keeps(knobs, {kKill, kAtOnce}),
          Keeps(knobs, {kKill, kOther})};
}

// The primary dies and: is restarted; the best replica is promoted; another replica is promoted.
TEST(Promise, OfEveryPreset) {
  const std::map<std::string, Row> expected = {
      {"async", {true, false, false}},
      {"semi-sync", {true, true, false}},
      {"sync", {true, true, true}},
      {"postgres:off", {false, false, false}},
      {"postgres:local", {true, false, false}},
      {"postgres:remote_write", {true, true, false}},
      {"postgres:on", {true, true, false}},
      {"postgres:remote_apply", {true, true, false}},
      {"mysql:async", {true, false, false}},
      {"mysql:after_commit", {true, true, false}},
      {"mysql:after_sync", {true, true, false}},
      {"mariadb:async", {true, false, false}},
      {"mariadb:after_commit", {true, true, false}},
      {"mariadb:after_sync", {true, true, false}},
      {"mongodb:w1", {false, false, false}},
      {"mongodb:majority", {true, true, false}},
      {"redis:default", {false, false, false}},
      {"redis:wait1", {true, true, false}},
      {"redis:waitaof", {true, true, false}},
      {"kafka:acks0", {false, false, false}},
      {"kafka:acks1", {true, false, false}},
      {"kafka:acks_all", {true, true, true}},
      {"quorum", {true, true, false}},
  };
  for (const std::string& preset : PresetNames()) {
    ASSERT_TRUE(expected.contains(preset)) << preset << " is not in the table";
    const Row row = RowOf(preset);
    const Row& want = expected.at(preset);
    EXPECT_EQ(row.restart, want.restart) << preset;
    EXPECT_EQ(row.best, want.best) << preset;
    EXPECT_EQ(row.other, want.other) << preset;
  }
}

constexpr char kQuorum[] = "replication: {preset: quorum}";
constexpr char kQuorumOfFive[] = "replication: {preset: quorum}\ncluster: {replicas: 4}";
constexpr char kSync[] = "replication: {preset: sync}";

TEST(Promise, WithoutFaultsEveryModeKeepsWhatItAnswered) {
  for (const std::string& preset : PresetNames()) {
    EXPECT_TRUE(Keeps(absl::StrCat("replication: {preset: \"", preset, "\"}"), {})) << preset;
  }
}

TEST(Promise, APrimaryThatMayStillAnswerMustNotBeReplaced) {
  EXPECT_FALSE(Keeps(kQuorum, {"when: {at: 1s}, do: promote, node: best"}));
  EXPECT_FALSE(Keeps(kQuorum, {"when: {at: 1s}, do: pause, node: p", kAtOnce}));
  EXPECT_FALSE(Keeps(kSync, {"when: {at: 1s}, do: partition, from: p, to: [r1, r2]", kAtOnce}));
  EXPECT_FALSE(Keeps(kQuorum, {kKill, kRestart, kAtOnce}));
  EXPECT_FALSE(Keeps(kQuorum, {kKill, kAtOnce, "when: {at: 2s}, do: restart, node: p"}));
}

TEST(Promise, AReplicaThatTheSetNeedsByNameHasWhatWasAnswered) {
  const std::string both =
      "replication: {ack_after: replica-flush, sync_set: \"first 2 [r1, r2]\"}\n"
      "cluster: {replicas: 3}";
  const std::string either =
      "replication: {ack_after: replica-flush, sync_set: \"first 1 [r1, r2]\"}\n"
      "cluster: {replicas: 3}";
  const char* const kill_r1 = "when: {after_previous: 0s}, do: kill, node: r1";
  const char* const kill_r2 = "when: {after_previous: 0s}, do: kill, node: r2";
  const char* const kill_r3 = "when: {after_previous: 0s}, do: kill, node: r3";
  EXPECT_TRUE(Keeps(both, {kKill, kOther})) << "r2 is named";
  EXPECT_FALSE(Keeps(either, {kKill, kOther})) << "r1 may have been enough";
  EXPECT_TRUE(Keeps(both, {kKill, kill_r1, kill_r3, kAtOnce})) << "r2 is there";
  EXPECT_FALSE(Keeps(both, {kKill, kill_r1, kill_r2, kAtOnce})) << "r3 need not have it";
  EXPECT_FALSE(Keeps(both, {kKill, kRestart, "when: {after_previous: 1s}, do: kill, node: p",
                            kill_r1, kill_r3, kAtOnce}))
      << "a restart takes over what only the primary had";
}

TEST(Promise, EnoughOfTheOthersMustBeThereToBeAsked) {
  const char* const kill_r2 = "when: {at: 500ms}, do: kill, node: r2";
  EXPECT_FALSE(Keeps(kQuorum, {kill_r2, kKill, kAtOnce}));
  EXPECT_TRUE(Keeps(kQuorumOfFive, {kill_r2, kKill, kAtOnce}));
  EXPECT_FALSE(
      Keeps(kQuorumOfFive, {kill_r2, "when: {at: 2s}, do: pause, node: r1", kKill, kAtOnce}));
  EXPECT_TRUE(Keeps(kQuorum, {"when: {at: 500ms}, do: pause, node: r2",
                              "when: {after_previous: 1s}, do: resume, node: r2",
                              "when: {after_previous: 1s}, do: kill, node: p", kAtOnce}))
      << "in one chain the order is certain";
  EXPECT_FALSE(Keeps(kQuorum, {"when: {at: 500ms}, do: pause, node: r2",
                               "when: {after_previous: 1s}, do: resume, node: r2", kKill, kAtOnce}))
      << "in two it is not";
  EXPECT_TRUE(
      Keeps(kQuorum, {"when: {at: 500ms}, do: partition, from: p, to: r2", kKill, kAtOnce}));
}

TEST(Promise, ASecondFailoverNeedsTheFirstPrimaryBack) {
  const char* const kill_again = "when: {after_previous: 1s}, do: kill, node: primary";
  EXPECT_TRUE(Keeps(kQuorum, {kKill, kAtOnce, kRestart, kill_again, kAtOnce}));
  EXPECT_FALSE(Keeps(kQuorum, {kKill, kAtOnce, kill_again, kAtOnce}));
  EXPECT_TRUE(Keeps(kQuorumOfFive, {kKill, kAtOnce, kill_again, kAtOnce}));
  EXPECT_TRUE(Keeps("replication: {preset: \"redis:waitaof\"}",
                    {kKill, kAtOnce, kRestart, kill_again, kAtOnce}))
      << "what the first primary had not flushed is in its kernel";
  EXPECT_FALSE(Keeps(kQuorum, {kKill, kAtOnce, "when: {at: 3s}, do: kill, node: primary", kAtOnce}))
      << "nobody knows which comes first";
}

TEST(Promise, AllReplicasHaveItUntilSomebodyBeginsToLeadAnew) {
  EXPECT_TRUE(Keeps("replication: {preset: \"kafka:acks_all\"}",
                    {"when: {at: 500ms}, do: kill, node: r2", kKill, kOther}));
  EXPECT_FALSE(Keeps(kSync, {"when: {at: 500ms}, do: kill, node: r2", kKill, kOther}))
      << "r2 had shown it before it was written";
  EXPECT_FALSE(Keeps("replication: {preset: \"kafka:acks_all\"}",
                     {kKill, kRestart, "when: {after_previous: 1s}, do: kill, node: p", kOther}))
      << "after the restart, all are those that have come back";
}

// Drawn faults must leave the promise standing often enough, or exploring would test nothing.
TEST(Promise, IsOftenPutToTheTest) {
  for (const char* knobs : {kQuorum, kQuorumOfFive, kSync}) {
    const proto::Scenario base = LoadVariant(knobs).scenario;
    int promotions = 0;
    int kept = 0;
    for (uint64_t seed = 0; seed < 1000; ++seed) {
      const proto::Scenario drawn = Draw(base, seed).scenario;
      if (!Does(drawn, proto::PROMOTE)) continue;
      ++promotions;
      if (PromiseOf(drawn).keeps_acknowledged) ++kept;
    }
    EXPECT_GT(promotions, 300) << knobs;
    EXPECT_GT(kept, 60) << knobs;
    EXPECT_LT(kept, promotions - 80) << knobs;
  }
}

}  // namespace
}  // namespace replsim::explore_promise_test
