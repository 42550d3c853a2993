// Writes with several attempts, and tickets; the test plays the cluster.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "simulator/workload/load_generator.h"
#include "tests/unit/manual_scheduler.h"
#include "tests/unit/scripted_cluster.h"

namespace replsim::write_attempts_test {
namespace {

Position At(uint64_t lsn) { return {Epoch(1), Lsn(lsn)}; }

class WriteAttemptsTest : public testing::Test {
 protected:
  WriteAttemptsTest() {
    workload.set_clients(1);
    workload.set_style(proto::BLOCKING);
    workload.mutable_deadline()->set_ns(1'000'000'000);
    workload.mutable_arrival()->mutable_closed()->mutable_think()->set_ns(60'000'000'000);
    workload.mutable_mix()->set_write(1);
    workload.mutable_read_from()->set_node("primary");
    workload.set_read_wait(proto::NO_WAIT);
    workload.mutable_keys()->set_count(100);
    workload.mutable_keys()->set_distribution(proto::UNIFORM);
    workload.mutable_value_bytes()->set_bytes(20);
  }
  void Tickets(bool watch) {
    workload.set_style(proto::TICKET);
    workload.set_depth(1);
    workload.set_watch(watch);
    if (!watch) workload.mutable_poll()->set_ns(50'000'000);
  }
  void Begin() {
    load.emplace(workload, &cluster, &scheduler, Rng(42),
                 [this](const Operation& operation) { history.push_back(operation); });
    load->Begin();
    scheduler.Settle();
  }
  ScriptedCluster::Sent& Last() { return cluster.sent.back(); }
  void Answer(proto::Outcome outcome, proto::Reason reason = proto::NONE, Position position = {}) {
    Last().Answer(outcome, position, reason);
    scheduler.Settle();
  }

  ManualScheduler scheduler;
  ScriptedCluster cluster{&scheduler};
  proto::Workload workload;
  std::vector<Operation> history;
  std::optional<LoadGenerator> load;
};

TEST_F(WriteAttemptsTest, WithoutRetryAnUnknownWriteIsNotAskedForAgain) {
  workload.set_retry(proto::NO_RETRY);
  Begin();
  Answer(proto::UNKNOWN, proto::DEADLINE);
  scheduler.RunFor(Millis(5000));
  EXPECT_EQ(cluster.sent.size(), 1u);
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].attempts, 1u);
  EXPECT_EQ(history[0].requests, 1u);
}

TEST_F(WriteAttemptsTest, TheSameRequestComesAgainUnderTheSameNameWithADeadlineOfItsOwn) {
  workload.set_retry(proto::SAME_REQUEST);
  Begin();
  scheduler.RunFor(Millis(1000));
  Answer(proto::UNKNOWN, proto::DEADLINE);
  ASSERT_EQ(cluster.sent.size(), 2u) << "at once: it has waited";
  EXPECT_EQ(Last().sequence, cluster.sent[0].sequence);
  EXPECT_EQ(Last().attempt, 0);
  EXPECT_EQ(Last().value, cluster.sent[0].value);
  EXPECT_EQ(Last().deadline, scheduler.Now() + Millis(1000));
  Answer(proto::COMMITTED, proto::NONE, At(3));
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].outcome, proto::COMMITTED);
  EXPECT_EQ(history[0].attempts, 2u);
  EXPECT_EQ(history[0].lsn, 3u);
}

TEST_F(WriteAttemptsTest, ANewRequestHasAnotherNameAndTheSameValue) {
  workload.set_retry(proto::NEW_REQUEST);
  Begin();
  Answer(proto::UNKNOWN, proto::DEADLINE);
  ASSERT_EQ(cluster.sent.size(), 2u);
  EXPECT_EQ(Last().sequence, cluster.sent[0].sequence);
  EXPECT_EQ(Last().attempt, 1);
  EXPECT_EQ(Last().value, cluster.sent[0].value);
}

TEST_F(WriteAttemptsTest, ARefusalIsTriedAgainAfterAPauseThatGrows) {
  workload.set_retry(proto::SAME_REQUEST);
  Begin();
  for (const int pause_ms : {10, 20, 40, 80, 100, 100}) {
    const size_t sent = cluster.sent.size();
    Answer(proto::REJECTED, proto::NOT_PRIMARY);
    scheduler.RunFor(Millis(pause_ms) - Nanos(1));
    EXPECT_EQ(cluster.sent.size(), sent) << pause_ms;
    scheduler.RunFor(Nanos(1));
    EXPECT_EQ(cluster.sent.size(), sent + 1) << pause_ms;
  }
}

TEST_F(WriteAttemptsTest, AnOverloadedPrimaryIsNotAskedAgain) {
  workload.set_retry(proto::SAME_REQUEST);
  Begin();
  Answer(proto::REJECTED, proto::OVERLOADED);
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].outcome, proto::REJECTED);
}

// The first attempt may have succeeded, whatever the answer to the second one.
TEST_F(WriteAttemptsTest, ARefusalAfterAnUnknownAttemptLeavesTheWriteUnknown) {
  workload.set_retry(proto::NEW_REQUEST);
  Begin();
  Answer(proto::UNKNOWN, proto::DEADLINE);
  Answer(proto::REJECTED, proto::OVERLOADED);
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].outcome, proto::UNKNOWN);
  EXPECT_EQ(history[0].reason, proto::DEADLINE);
}

TEST_F(WriteAttemptsTest, TheEndOfTheLoadEndsThem) {
  workload.set_retry(proto::SAME_REQUEST);
  Begin();
  Answer(proto::REJECTED, proto::FENCED);
  bool stopped = false;
  load->Stop([&] { stopped = true; });
  scheduler.RunFor(Millis(100));
  EXPECT_TRUE(stopped);
  EXPECT_EQ(cluster.sent.size(), 1u);
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].outcome, proto::REJECTED);
}

TEST_F(WriteAttemptsTest, SoDoAHundredOfThem) {
  workload.set_retry(proto::SAME_REQUEST);
  Begin();
  for (int i = 0; i < 200 && history.empty(); ++i) {
    Answer(proto::REJECTED, proto::UNREACHABLE);
    scheduler.RunFor(Millis(100));
  }
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].attempts, 100u);
}

TEST_F(WriteAttemptsTest, ATicketIsAskedAboutUntilItIsDone) {
  Tickets(/*watch=*/false);
  Begin();
  EXPECT_TRUE(Last().submit);
  scheduler.RunFor(Millis(1));
  Answer(proto::PENDING, proto::NONE, At(7));
  EXPECT_EQ(cluster.sent.size(), 1u);
  scheduler.RunFor(Millis(50));
  ASSERT_EQ(cluster.sent.size(), 2u);
  EXPECT_EQ(Last().ticket, At(7));
  EXPECT_FALSE(Last().watch);
  Answer(proto::REJECTED, proto::UNREACHABLE);  // there is no primary
  scheduler.RunFor(Millis(50));
  Answer(proto::PENDING, proto::NONE, At(7));
  scheduler.RunFor(Millis(50));
  Answer(proto::COMMITTED, proto::NONE, At(7));
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].outcome, proto::COMMITTED);
  EXPECT_EQ(history[0].requests, 4u);
  EXPECT_EQ(history[0].attempts, 1u);
  EXPECT_EQ(history[0].ticket_ns - history[0].invoked_ns, 1'000'000);
  EXPECT_EQ(history[0].completed_ns - history[0].invoked_ns, 151'000'000);
}

TEST_F(WriteAttemptsTest, WhoWatchesAsksOnceAndAgainWhereTheQuestionWasLost) {
  Tickets(/*watch=*/true);
  Begin();
  Answer(proto::PENDING, proto::NONE, At(7));
  ASSERT_EQ(cluster.sent.size(), 2u);
  EXPECT_TRUE(Last().watch);
  Answer(proto::REJECTED, proto::DISCONNECTED);
  scheduler.RunFor(Millis(10));
  ASSERT_EQ(cluster.sent.size(), 3u);
  Answer(proto::LOST, proto::NONE, At(7));
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].outcome, proto::LOST);
}

TEST_F(WriteAttemptsTest, PastItsDeadlineATicketIsUnknown) {
  Tickets(/*watch=*/false);
  Begin();
  Answer(proto::PENDING, proto::NONE, At(7));
  while (history.empty() && scheduler.Now() < FromNanos(10'000'000'000)) {
    scheduler.RunFor(Millis(10));
    if (Last().done) Answer(proto::PENDING, proto::NONE, At(7));
  }
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].outcome, proto::UNKNOWN);
  EXPECT_EQ(history[0].reason, proto::DEADLINE);
  EXPECT_EQ(history[0].completed_ns - history[0].invoked_ns, 1'000'000'000);
}

TEST_F(WriteAttemptsTest, ALostTicketIsSubmittedAgain) {
  Tickets(/*watch=*/true);
  workload.set_retry(proto::SAME_REQUEST);
  Begin();
  Answer(proto::PENDING, proto::NONE, At(7));
  Answer(proto::LOST, proto::NONE, At(7));
  scheduler.RunFor(Millis(10));
  EXPECT_TRUE(Last().submit);
  EXPECT_EQ(Last().attempt, 0);
  EXPECT_TRUE(history.empty());
}

TEST_F(WriteAttemptsTest, WritesInFlightTogetherHaveALaneEachAndSequencesThatAscendInIt) {
  workload.set_style(proto::FUTURE);
  workload.set_depth(3);
  workload.mutable_arrival()->mutable_closed()->mutable_think()->set_ns(0);
  Begin();
  ASSERT_EQ(cluster.sent.size(), 3u);
  for (const uint32_t lane : {0u, 1u, 2u}) EXPECT_EQ(cluster.sent[lane].lane, lane);
  cluster.sent[1].Answer(proto::COMMITTED, At(1));
  scheduler.Settle();
  ASSERT_EQ(cluster.sent.size(), 4u);
  EXPECT_EQ(Last().lane, 1u) << "the one that is free again";
  EXPECT_GT(Last().sequence, cluster.sent[1].sequence);
}

}  // namespace
}  // namespace replsim::write_attempts_test
