#include "simulator/workload/load_generator.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/manual_scheduler.h"
#include "tests/unit/scripted_cluster.h"

namespace replsim::load_generator_test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::SizeIs;

Position At(uint64_t lsn) { return {Epoch(1), Lsn(lsn)}; }

class LoadGeneratorTest : public testing::Test {
 protected:
  LoadGeneratorTest() {
    workload.set_clients(1);
    workload.set_style(proto::BLOCKING);
    workload.mutable_deadline()->set_ns(1'000'000'000);
    workload.mutable_arrival()->mutable_closed()->mutable_think()->set_ns(0);
    workload.mutable_mix()->set_write(1);
    workload.mutable_read_from()->set_node("primary");
    workload.set_read_wait(proto::NO_WAIT);
    workload.mutable_keys()->set_count(100);
    workload.mutable_keys()->set_distribution(proto::UNIFORM);
    workload.mutable_value_bytes()->set_bytes(20);
  }

  void OpenLoop(double per_second) {
    workload.mutable_arrival()->mutable_rate()->set_per_second(per_second);
    workload.mutable_arrival()->clear_closed();
  }
  void ReadsOnly() {
    workload.mutable_mix()->set_write(0);
    workload.mutable_mix()->set_read(1);
  }

  void Begin(uint64_t seed = 42) {
    begin = scheduler.Now();
    load.emplace(workload, &cluster, &scheduler, Rng(seed),
                 [this](const Operation& operation) { history.push_back(operation); });
    load->Begin();
    scheduler.Settle();
  }

  ManualScheduler scheduler;
  ScriptedCluster cluster{&scheduler};
  proto::Workload workload;
  std::vector<Operation> history;
  std::optional<LoadGenerator> load;
  Instant begin;
};

TEST_F(LoadGeneratorTest, ABlockingClientHasOneOperationInFlight) {
  Begin();
  scheduler.RunFor(Millis(500));
  ASSERT_THAT(cluster.sent, SizeIs(1));
  cluster.sent[0].Answer(proto::COMMITTED, At(1));
  EXPECT_THAT(cluster.sent, SizeIs(2));
}

TEST_F(LoadGeneratorTest, AFutureClientKeepsDepthInFlight) {
  workload.set_clients(3);
  workload.set_style(proto::FUTURE);
  workload.set_depth(4);
  Begin();
  EXPECT_THAT(cluster.sent, SizeIs(12));
  cluster.sent[5].Answer(proto::COMMITTED, At(1));
  ASSERT_THAT(cluster.sent, SizeIs(13));
  EXPECT_EQ(cluster.sent[12].client, cluster.sent[5].client);
  EXPECT_EQ(cluster.sent[12].sequence, 5u);
}

TEST_F(LoadGeneratorTest, ClientsThinkBetweenOperations) {
  workload.mutable_arrival()->mutable_closed()->mutable_think()->set_ns(3'000'000);
  Begin();
  cluster.sent[0].Answer(proto::COMMITTED, At(1));
  scheduler.RunFor(Millis(3) - Nanos(1));
  EXPECT_THAT(cluster.sent, SizeIs(1));
  scheduler.RunFor(Nanos(1));
  EXPECT_THAT(cluster.sent, SizeIs(2));
}

TEST_F(LoadGeneratorTest, ThinkingClientsBeginSpreadOverOneThinkTime) {
  workload.set_clients(4);
  workload.mutable_arrival()->mutable_closed()->mutable_think()->set_ns(4'000'000);
  Begin();
  scheduler.RunFor(Millis(10));
  ASSERT_THAT(cluster.sent, SizeIs(4));
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(cluster.sent[static_cast<size_t>(i)].sent, begin + Millis(i));
  }
}

TEST_F(LoadGeneratorTest, ARejectedClientBacksOffLongerAndLonger) {
  Begin();
  std::vector<Nanos> waits;
  for (size_t i = 0; i < 6; ++i) {
    const Instant rejected = scheduler.Now();
    cluster.sent[i].Answer(i == 5 ? proto::COMMITTED : proto::REJECTED, {}, proto::UNREACHABLE);
    scheduler.RunFor(Millis(200));
    waits.push_back(cluster.sent.at(i + 1).sent - rejected);
  }
  EXPECT_THAT(waits,
              ElementsAre(Millis(10), Millis(20), Millis(40), Millis(80), Millis(100), Millis(0)));
}

TEST_F(LoadGeneratorTest, ValuesNameTheirWriteAndFillValueBytes) {
  workload.set_clients(2);
  Begin();
  EXPECT_EQ(cluster.sent[0].value, "c1-1................");
  EXPECT_EQ(cluster.sent[1].value, "c2-1................");
  cluster.sent[1].Answer(proto::COMMITTED, At(1));
  EXPECT_EQ(cluster.sent[2].value, "c2-2................");
}

TEST_F(LoadGeneratorTest, AValueIsNeverCutShort) {
  workload.mutable_value_bytes()->set_bytes(1);
  Begin();
  EXPECT_EQ(cluster.sent[0].value, "c1-1");
}

TEST_F(LoadGeneratorTest, RecordsACommittedWrite) {
  Begin();
  scheduler.RunFor(Millis(7));
  cluster.sent[0].Answer(proto::COMMITTED, At(9));
  ASSERT_THAT(history, SizeIs(1));
  const Operation& write = history[0];
  EXPECT_EQ(write.client, 1u);
  EXPECT_EQ(write.sequence, 1u);
  EXPECT_TRUE(write.is_write);
  EXPECT_EQ(write.outcome, proto::COMMITTED);
  EXPECT_EQ(KeyName(write.key), cluster.sent[0].key);
  EXPECT_EQ(write.epoch, 1u);
  EXPECT_EQ(write.lsn, 9u);
  EXPECT_EQ(write.node, 0u);
  EXPECT_EQ(write.target, kNoNode);
  EXPECT_EQ(write.intended_ns, ToNanos(begin));
  EXPECT_EQ(write.invoked_ns, ToNanos(begin));
  EXPECT_EQ(write.completed_ns, ToNanos(begin + Millis(7)));
}

TEST_F(LoadGeneratorTest, AnUnknownWriteHasNoPositionAndNoNode) {
  Begin();
  cluster.sent[0].Answer(proto::UNKNOWN, At(9), proto::DEADLINE);
  EXPECT_EQ(history[0].outcome, proto::UNKNOWN);
  EXPECT_EQ(history[0].reason, proto::DEADLINE);
  EXPECT_EQ(history[0].lsn, 0u);
  EXPECT_EQ(history[0].node, kNoNode);
  EXPECT_EQ(load->committed_writes(), 0u);
}

TEST_F(LoadGeneratorTest, ArrivalsAreRecordedAtTheirIntendedStartHoweverLateTheTimer) {
  OpenLoop(10'000);
  workload.set_style(proto::FUTURE);
  Begin();
  scheduler.RunFor(Millis(100));
  std::vector<Instant> on_time;
  for (auto& sent : cluster.sent) on_time.push_back(sent.deadline);

  scheduler.lateness = Millis(3);
  cluster.sent.clear();
  const Nanos shift = scheduler.Now() - begin;
  Begin();
  scheduler.RunFor(Millis(110));
  ASSERT_GE(cluster.sent.size(), on_time.size());
  bool late = false;
  for (size_t i = 0; i < on_time.size(); ++i) {
    EXPECT_EQ(cluster.sent[i].deadline, on_time[i] + shift);
    late |= cluster.sent[i].sent > cluster.sent[i].deadline - Millis(1000);
  }
  EXPECT_TRUE(late);
}

TEST_F(LoadGeneratorTest, OpenLoopKeepsItsRate) {
  OpenLoop(70'000);
  workload.set_style(proto::FUTURE);
  workload.set_clients(16);
  scheduler.lateness = Micros(60);
  Begin();
  for (int i = 0; i < 1000; ++i) {
    scheduler.RunFor(Millis(1));
    for (auto& sent : cluster.sent) sent.Answer(proto::COMMITTED, At(1));
    cluster.sent.clear();
  }
  // Poisson: σ is 265.
  EXPECT_NEAR(static_cast<double>(history.size()), 70'000, 1'100);
  EXPECT_EQ(load->committed_writes(), history.size());
}

TEST_F(LoadGeneratorTest, ArrivalsGoToTheClientsInTurn) {
  OpenLoop(1'000);
  workload.set_clients(3);
  Begin();
  scheduler.RunFor(Millis(30));
  ASSERT_THAT(cluster.sent, SizeIs(3));
  EXPECT_EQ(cluster.sent[0].client, 1u);
  EXPECT_EQ(cluster.sent[1].client, 2u);
  EXPECT_EQ(cluster.sent[2].client, 3u);
}

TEST_F(LoadGeneratorTest, AnArrivalBehindABlockedClientKeepsItsIntendedStart) {
  OpenLoop(1'000);
  Begin();
  scheduler.RunFor(Millis(100));
  ASSERT_THAT(cluster.sent, SizeIs(1));
  EXPECT_GT(load->pending(), 50u);
  cluster.sent[0].Answer(proto::COMMITTED, At(1));
  ASSERT_THAT(cluster.sent, SizeIs(2));
  EXPECT_EQ(cluster.sent[1].sequence, 2u);
  EXPECT_EQ(cluster.sent[1].sent, begin + Millis(100));
  EXPECT_LT(cluster.sent[1].deadline, begin + Millis(1020));
  cluster.sent[1].Answer(proto::COMMITTED, At(2));
  EXPECT_LT(history[1].intended_ns, ToNanos(begin + Millis(20)));
  EXPECT_EQ(history[1].invoked_ns, ToNanos(begin + Millis(100)));
}

TEST_F(LoadGeneratorTest, AnArrivalThatWaitedPastItsDeadlineIsRejectedUnsent) {
  OpenLoop(1'000);
  Begin();
  scheduler.RunFor(Millis(1200));
  cluster.sent[0].Answer(proto::UNKNOWN, {}, proto::DEADLINE);
  ASSERT_THAT(cluster.sent, SizeIs(2));
  EXPECT_GT(cluster.sent[1].deadline, scheduler.Now());
  EXPECT_GT(history.size(), 100u);
  for (size_t i = 1; i < history.size(); ++i) {
    EXPECT_EQ(history[i].outcome, proto::REJECTED);
    EXPECT_EQ(history[i].reason, proto::DEADLINE);
  }
}

TEST_F(LoadGeneratorTest, PastItsBoundArrivalsAreRefusedUnsent) {
  OpenLoop(1'000'000);
  workload.set_style(proto::FUTURE);
  Begin();
  scheduler.RunFor(Millis(150));
  EXPECT_THAT(cluster.sent, SizeIs(kMaxPending));
  ASSERT_GT(history.size(), 40'000u);
  EXPECT_THAT(history, Each(Field(&Operation::reason, proto::OVERLOADED)));
  EXPECT_THAT(history, Each(Field(&Operation::outcome, proto::REJECTED)));
}

TEST_F(LoadGeneratorTest, ReadsFromThePrimaryFollowTheLeader) {
  ReadsOnly();
  Begin();
  EXPECT_EQ(cluster.sent[0].node, NodeId("p"));
  EXPECT_EQ(cluster.sent[0].mode, ReadMode::kPrimary);
  cluster.leader = NodeId("r2");
  cluster.sent[0].Answer(proto::COMMITTED);
  EXPECT_EQ(cluster.sent[1].node, NodeId("r2"));
  cluster.sent[1].Answer(proto::COMMITTED);
  EXPECT_EQ(history[1].target, 2u);
  EXPECT_EQ(history[1].node, 2u);
}

TEST_F(LoadGeneratorTest, AnyReplicaIsWhoeverDoesNotLead) {
  ReadsOnly();
  workload.mutable_read_from()->set_node("any-replica");
  cluster.leader = NodeId("r1");
  Begin();
  std::set<NodeId> targets;
  for (size_t i = 0; i < 50; ++i) {
    targets.insert(cluster.sent[i].node);
    EXPECT_EQ(cluster.sent[i].mode, ReadMode::kAny);
    cluster.sent[i].Answer(proto::COMMITTED);
  }
  EXPECT_THAT(targets, ElementsAre(NodeId("p"), NodeId("r2")));
}

TEST_F(LoadGeneratorTest, ReadsMayNameTheirNode) {
  ReadsOnly();
  workload.mutable_read_from()->set_node("r2");
  Begin();
  EXPECT_EQ(cluster.sent[0].node, NodeId("r2"));
}

TEST_F(LoadGeneratorTest, ReadsMayNameSeveralNodes) {
  ReadsOnly();
  workload.mutable_read_from()->clear_node();
  for (const char* id : {"p", "r2"}) workload.mutable_read_from()->add_nodes(id);
  Begin();
  std::set<NodeId> targets;
  for (size_t i = 0; i < 50; ++i) {
    targets.insert(cluster.sent[i].node);
    EXPECT_EQ(cluster.sent[i].mode, ReadMode::kAny);
    cluster.sent[i].Answer(proto::COMMITTED);
  }
  EXPECT_THAT(targets, ElementsAre(NodeId("p"), NodeId("r2")));
}

TEST_F(LoadGeneratorTest, AReadWaitsForTheNewestPositionItsClientHasSeen) {
  workload.mutable_mix()->set_read(1);
  workload.mutable_read_from()->set_node("r1");
  workload.set_read_wait(proto::FOR_POSITION);
  Begin();
  Position newest;
  for (size_t i = 0; i < 100; ++i) {
    auto& sent = cluster.sent[i];
    if (!sent.is_write) {
      EXPECT_EQ(sent.mode, ReadMode::kAtPosition);
      EXPECT_EQ(sent.at_least, newest);
    }
    // Answers may name older positions; what was seen does not go back.
    const Position position = At(i % 7 == 0 ? 1 : 10 + i);
    newest = std::max(newest, position);
    const bool is_write = sent.is_write;
    const Position asked = sent.at_least;
    sent.Answer(proto::COMMITTED, position);
    EXPECT_EQ(history.back().wait_lsn, is_write ? 0 : asked.lsn.value());
  }
}

TEST_F(LoadGeneratorTest, ReadOwnWritesAsksForTheLastCommittedKey) {
  workload.mutable_mix()->set_read(1);
  workload.set_read_own_writes(1);
  Begin();
  std::string last;
  int own_reads = 0;
  for (size_t i = 0; i < 100; ++i) {
    auto& sent = cluster.sent[i];
    if (!sent.is_write && !last.empty()) {
      EXPECT_EQ(sent.key, last);
      ++own_reads;
    }
    const bool commits = i % 3 != 0;
    if (sent.is_write && commits) last = sent.key;
    sent.Answer(commits ? proto::COMMITTED : proto::UNKNOWN, At(i + 1));
  }
  EXPECT_GT(own_reads, 20);
}

TEST_F(LoadGeneratorTest, TheMixIsByWeight) {
  workload.mutable_mix()->set_write(3);
  workload.mutable_mix()->set_read(1);
  Begin();
  int writes = 0;
  for (size_t i = 0; i < 4'000; ++i) {
    writes += cluster.sent[i].is_write;
    cluster.sent[i].Answer(proto::COMMITTED, At(1));
  }
  EXPECT_NEAR(writes, 3'000, 120);
}

TEST_F(LoadGeneratorTest, AClientAsksForTheSameWhateverTheOthersAreAnswered) {
  workload.set_clients(2);
  workload.mutable_mix()->set_read(1);
  const auto asked_by_first = [&](bool answer_second) {
    cluster.sent.clear();
    history.clear();
    Begin();
    // Both clients begin; from then on an answer is followed by that client's next operation.
    for (size_t i = 0; i < 100; ++i) {
      cluster.sent[i].Answer(proto::COMMITTED, At(1));
      if (i == 0 && !answer_second) ++i;
    }
    std::vector<std::pair<uint32_t, bool>> asked;
    for (const Operation& operation : history) {
      if (operation.client == 1) asked.emplace_back(operation.key, operation.is_write);
    }
    return asked;
  };
  const auto alone = asked_by_first(false);
  auto together = asked_by_first(true);
  ASSERT_THAT(alone, SizeIs(99));
  ASSERT_THAT(together, SizeIs(50));
  EXPECT_TRUE(std::equal(together.begin(), together.end(), alone.begin()));
}

TEST_F(LoadGeneratorTest, TellsHowManyWritesHaveBeenCommitted) {
  Begin();
  std::vector<uint64_t> counts;
  load->OnCommitted([&](uint64_t count) { counts.push_back(count); });
  cluster.sent[0].Answer(proto::COMMITTED, At(1));
  cluster.sent[1].Answer(proto::UNKNOWN);
  cluster.sent[2].Answer(proto::COMMITTED, At(2));
  EXPECT_THAT(counts, ElementsAre(1, 2));
}

TEST_F(LoadGeneratorTest, StopWaitsForWhatIsInFlightAndSendsNoMore) {
  workload.set_clients(2);
  Begin();
  bool stopped = false;
  load->Stop([&] { stopped = true; });
  cluster.sent[0].Answer(proto::COMMITTED, At(1));
  scheduler.RunFor(Millis(10));
  EXPECT_FALSE(stopped);
  cluster.sent[1].Answer(proto::UNKNOWN, {}, proto::DEADLINE);
  EXPECT_FALSE(stopped) << "never from inside a call";
  scheduler.Settle();
  EXPECT_TRUE(stopped);
  EXPECT_THAT(cluster.sent, SizeIs(2));
}

TEST_F(LoadGeneratorTest, StopServesArrivalsThatWereWaiting) {
  OpenLoop(1'000);
  Begin();
  scheduler.RunFor(Millis(20));
  const uint64_t arrived = load->pending();
  ASSERT_GT(arrived, 5u);
  bool stopped = false;
  load->Stop([&] { stopped = true; });
  for (size_t i = 0; i < arrived; ++i) {
    scheduler.RunFor(Millis(10));
    EXPECT_FALSE(stopped);
    cluster.sent[i].Answer(proto::COMMITTED, At(i + 1));
  }
  scheduler.RunFor(Millis(10));
  EXPECT_TRUE(stopped);
  EXPECT_THAT(history, SizeIs(arrived));
}

TEST_F(LoadGeneratorTest, ATimerThatOutlivesTheLoadDoesNothing) {
  OpenLoop(10);
  Begin();
  bool stopped = false;
  load->Stop([&] { stopped = true; });
  scheduler.Settle();
  ASSERT_TRUE(stopped);
  load.reset();
  scheduler.RunFor(Millis(10'000));
  EXPECT_THAT(cluster.sent, SizeIs(0));
}

}  // namespace
}  // namespace replsim::load_generator_test
