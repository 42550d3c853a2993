// The data of the animation: it holds what the recording holds, at its instants, and no more.
#include "simulator/analysis/timeline/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/run_report.h"
#include "tests/unit/fake_recording.h"

namespace replsim::replay_test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int32_t kUsPerMs = 1000;

// p writes 1:1 and 1:2 and dies with 1:2; r1 has 1:1, leads epoch 2 and writes 2:2.
FakeRecording Failover() {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 950, 1, 0).Started("r1", 940);
  fake.Reaches("p", 1100, 1, 1);
  fake.Trace("p", 1101, TraceKind::kSend, 1, 1, "r1");
  fake.Reaches("r1", 1105, 1, 1);
  fake.Trace("p", 1109, TraceKind::kPeerFlush, 1, 1, "r1");
  fake.Trace("p", 1110, TraceKind::kCommit, 1, 1);
  const Operation first = fake.Write(4, 7, 1098, 1112, proto::COMMITTED, 1, 1, "p");
  fake.Reaches("p", 1200, 1, 2);
  fake.Trace("p", 1201, TraceKind::kSend, 1, 2, "r1");
  fake.Trace("p", 1201, TraceKind::kCommit, 1, 2);
  fake.Write(5, 8, 1199, 1202, proto::COMMITTED, 1, 2, "p");
  fake.Event(1203, proto::RunEvent::KILLED, "p");
  fake.Leads("r1", 1500, 2, 1);
  fake.Event(1500, proto::RunEvent::PROMOTED, "r1");
  fake.Reaches("r1", 1600, 2, 2);
  fake.Trace("r1", 1600, TraceKind::kCommit, 2, 2);
  const Operation last = fake.Write(4, 9, 1599, 1601, proto::COMMITTED, 2, 2, "r1");
  fake.manifest().set_final_primary("r1");
  fake.Log(first, 1, 1, "r1").Log(last, 2, 2, "r1");
  return fake;
}

proto::Replay ReplayOf(const Recording& recording, size_t records_max = 1000) {
  return AnalyzeRun(recording, records_max).replay;
}

TEST(Replay, OfAShortRunIsTheWholeRunFromTheBeginningOfTheLoad) {
  const proto::Replay replay = ReplayOf(Failover().Done());
  EXPECT_TRUE(replay.whole());
  EXPECT_EQ(replay.begin_ms(), 0);
  EXPECT_EQ(replay.length_us(), 2000 * kUsPerMs);
}

TEST(Replay, OfALongRunIsAroundTheLossWithAtMostAsManyRecordsAsAskedFor) {
  const proto::Replay replay = ReplayOf(Failover().Done(), 10);
  EXPECT_FALSE(replay.whole());
  EXPECT_THAT(replay.why(), HasSubstr("acknowledged and lost"));
  const int32_t focus = replay.focus_us();
  EXPECT_EQ(replay.begin_ms() + focus / 1e3, 199) << "the lost write was sent";
  EXPECT_LT(replay.length_us(), 2000 * kUsPerMs);
  size_t records = 0;
  for (const auto& node : replay.nodes()) {
    for (const auto& stage : node.stages()) {
      for (const int32_t at : stage.at_us()) records += at > 0 ? 1 : 0;
    }
  }
  EXPECT_LE(records, 10u);
}

TEST(Replay, NoRecordsMeanNoAnimation) {
  EXPECT_EQ(ReplayOf(Failover().Done(), 0).nodes_size(), 0);
}

TEST(Replay, AStageIsAStepFunctionOfPositions) {
  const proto::Replay replay = ReplayOf(Failover().Done());
  const proto::Replay::Stage& flush = replay.nodes(1).stages(2);
  EXPECT_THAT(flush.at_us(), ElementsAre(0, 105 * kUsPerMs, 600 * kUsPerMs));
  EXPECT_THAT(flush.epoch(), ElementsAre(0, 1, 2));
  EXPECT_THAT(flush.lsn(), ElementsAre(0, 1, 2));
}

TEST(Replay, ALineageSaysWhichEpochWroteEachRecordOfALog) {
  const proto::Replay replay = ReplayOf(Failover().Done());
  ASSERT_EQ(replay.lineages_size(), 2);
  EXPECT_EQ(replay.lineages(1).epoch(), 2u);
  EXPECT_THAT(replay.lineages(1).of(), ElementsAre(1, 2));
  EXPECT_THAT(replay.lineages(1).first_lsn(), ElementsAre(1, 2));
}

TEST(Replay, WritesHaveTheirAnswersAndFates) {
  const proto::Replay replay = ReplayOf(Failover().Done());
  const proto::Replay::Writes& writes = replay.writes();
  EXPECT_THAT(writes.client(), ElementsAre(4, 5, 4));
  EXPECT_THAT(writes.end_us(), ElementsAre(112'000, 202'000, 601'000));
  const auto fate = [&](int i) { return static_cast<int>(writes.fate(i)); };
  EXPECT_EQ(writes.fates(fate(1)), "acknowledged, then lost");
  EXPECT_EQ(writes.fate_kinds(fate(0)), 1u);
  EXPECT_EQ(writes.fate_kinds(fate(1)), 2u);
  EXPECT_EQ(writes.answers(static_cast<int>(writes.answer(0))), "committed");
  EXPECT_EQ(replay.focus_write(), 1u);
}

TEST(Replay, AWriteWithoutAnAnswerHasThePositionThatTheFinalLogGivesIt) {
  FakeRecording fake({"p"});
  fake.Started("p", 900).Leads("p", 950, 1, 0).Reaches("p", 1100, 1, 1);
  const Operation unknown = fake.Write(4, 7, 1098, 1900, proto::UNKNOWN);
  fake.Reaches("p", 1200, 1, 2);
  const Operation known = fake.Write(5, 7, 1198, 1901, proto::COMMITTED, 1, 2, "p");
  fake.Log(unknown, 1, 1).Log(known);
  const proto::Replay replay = ReplayOf(fake.Done());
  EXPECT_THAT(replay.writes().epoch(), ElementsAre(1, 1));
  EXPECT_THAT(replay.writes().lsn(), ElementsAre(1, 2));
}

struct Seen {
  uint32_t kind;
  double sent_ms;
  double received_ms;
  std::string text;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> MessagesIn(const proto::Replay& replay) {
  std::vector<Seen> seen;
  const proto::Replay::Messages& messages = replay.messages();
  for (int i = 0; i < messages.kind_size(); ++i) {
    const int32_t received = messages.received_us(i);
    seen.push_back({messages.kind(i), messages.sent_us(i) / 1e3,
                    received == kNeverUs ? -1 : received / 1e3, messages.text(i)});
  }
  return seen;
}

TEST(Replay, MessagesAreThoseOfTheTraceAndOneThatNeverArrivedHasNoEnd) {
  const std::vector<Seen> seen = MessagesIn(ReplayOf(Failover().Done()));
  EXPECT_THAT(seen, Contains(Seen{1, 98, 100, "write k0007"}));
  EXPECT_THAT(seen, Contains(Seen{2, 101, 105, "1"}));
  EXPECT_THAT(seen, Contains(Seen{3, 105, 109, "flush 1"}));
  EXPECT_THAT(seen, Contains(Seen{4, 110, 112, "committed 1"}));
  EXPECT_THAT(seen, Contains(Seen{2, 201, -1, "2"}));
}

TEST(Replay, FaultsAndLeadersHaveTheirIntervals) {
  const proto::Replay replay = ReplayOf(Failover().Done());
  ASSERT_EQ(replay.faults_size(), 1);
  EXPECT_TRUE(replay.faults(0).down());
  EXPECT_FALSE(replay.faults(0).cut());
  EXPECT_EQ(replay.faults(0).end_us(), replay.length_us()) << "it never started again";
  ASSERT_EQ(replay.nodes(0).leads_size(), 1);
  EXPECT_EQ(replay.nodes(0).leads(0).begin_us(), 0);
  EXPECT_EQ(replay.nodes(0).leads(0).end_us(), replay.faults(0).begin_us());
  EXPECT_EQ(replay.nodes(1).leads(0).epoch(), 2u);
  EXPECT_EQ(replay.nodes(1).leads(0).begin_us(), 500 * kUsPerMs);
}

TEST(Replay, ACutLinkIsOneWay) {
  FakeRecording fake = Failover();
  fake.Event(1300, proto::RunEvent::LINK_PARTITIONED, "p", "r1");
  const proto::Replay replay = ReplayOf(fake.Done());
  ASSERT_EQ(replay.faults_size(), 2);
  EXPECT_TRUE(replay.faults(1).cut());
  EXPECT_EQ(replay.faults(1).node(), 0u);
  EXPECT_EQ(replay.faults(1).peer(), 1u);
  EXPECT_EQ(replay.faults(1).begin_us(), 300 * kUsPerMs);
}

}  // namespace
}  // namespace replsim::replay_test
