// Reads with `read_from: {replicas: R}`: one operation of the history, several requests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "simulator/workload/load_generator.h"
#include "tests/unit/manual_scheduler.h"
#include "tests/unit/scripted_cluster.h"

namespace replsim::replica_reads_test {
namespace {

using testing::Each;
using testing::Field;
using testing::SizeIs;

Position At(uint64_t lsn) { return {Epoch(1), Lsn(lsn)}; }

// One client that only reads, and never waits.
class ReplicaReadsTest : public testing::Test {
 protected:
  ReplicaReadsTest() {
    cluster.node_ids = {NodeId("p"), NodeId("r1"), NodeId("r2"), NodeId("r3")};
    workload.set_clients(1);
    workload.mutable_deadline()->set_ns(1'000'000'000);
    workload.mutable_arrival()->mutable_closed()->mutable_think()->set_ns(0);
    workload.mutable_mix()->set_read(1);
    workload.mutable_keys()->set_count(100);
    workload.mutable_keys()->set_distribution(proto::UNIFORM);
  }

  void Begin() {
    begin = scheduler.Now();
    load.emplace(workload, &cluster, &scheduler, Rng(42),
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

TEST_F(ReplicaReadsTest, AskAllAndTakeTheNewestOfTheFirst) {
  workload.mutable_read_from()->set_replicas(2);
  Begin();
  ASSERT_THAT(cluster.sent, SizeIs(3)) << "one operation in flight, of three replicas";
  EXPECT_EQ(cluster.sent[0].node, NodeId("r1"));
  EXPECT_EQ(cluster.sent[2].node, NodeId("r3"));
  EXPECT_THAT(cluster.sent, Each(Field(&ScriptedCluster::Sent::mode, ReadMode::kAny)));
  EXPECT_EQ(cluster.sent[1].key, cluster.sent[0].key);
  scheduler.RunFor(Millis(2));
  cluster.sent[2].Answer(proto::COMMITTED, At(7));
  EXPECT_TRUE(history.empty());
  scheduler.RunFor(Millis(3));
  cluster.sent[0].Answer(proto::COMMITTED, At(5));
  ASSERT_THAT(history, SizeIs(1));
  EXPECT_EQ(history[0].lsn, 7u);
  EXPECT_EQ(history[0].node, 3u);
  EXPECT_EQ(history[0].target, kNoNode);
  EXPECT_EQ(history[0].completed_ns, ToNanos(begin + Millis(5)));
  ASSERT_THAT(cluster.sent, SizeIs(6)) << "the client goes on";

  cluster.sent[1].Answer(proto::COMMITTED, At(9));
  EXPECT_THAT(history, SizeIs(1)) << "came too late, and is of no other read";
  cluster.sent[3].Answer(proto::COMMITTED, At(8));
  EXPECT_THAT(history, SizeIs(1));
}

TEST_F(ReplicaReadsTest, EndWhenTooFewCanAnswer) {
  workload.mutable_read_from()->set_replicas(2);
  Begin();
  cluster.sent[0].Answer(proto::REJECTED, {}, proto::UNREACHABLE);
  EXPECT_TRUE(history.empty()) << "two others may";
  cluster.sent[1].Answer(proto::COMMITTED, At(7));
  cluster.sent[2].Answer(proto::REJECTED, {}, proto::DEADLINE);
  ASSERT_THAT(history, SizeIs(1));
  EXPECT_EQ(history[0].outcome, proto::REJECTED);
  EXPECT_EQ(history[0].reason, proto::DEADLINE);
  EXPECT_EQ(history[0].lsn, 0u);
  EXPECT_EQ(history[0].node, kNoNode);
}

TEST_F(ReplicaReadsTest, NeverAskWhoeverLeads) {
  workload.mutable_read_from()->set_replicas(1);
  cluster.leader = NodeId("r2");
  Begin();
  ASSERT_THAT(cluster.sent, SizeIs(3));
  EXPECT_EQ(cluster.sent[0].node, NodeId("p"));
  EXPECT_EQ(cluster.sent[1].node, NodeId("r1"));
  EXPECT_EQ(cluster.sent[2].node, NodeId("r3"));
}

TEST_F(ReplicaReadsTest, AnAnswerNobodyWaitsForMayOutliveTheLoad) {
  workload.mutable_read_from()->set_replicas(1);
  Begin();
  bool stopped = false;
  load->Stop([&] { stopped = true; });
  cluster.sent[0].Answer(proto::COMMITTED, At(7));
  scheduler.Settle();
  ASSERT_TRUE(stopped);
  load.reset();
  cluster.sent[1].Answer(proto::COMMITTED, At(8));
  cluster.sent[2].Answer(proto::REJECTED, {}, proto::DEADLINE);
  EXPECT_THAT(history, SizeIs(1));
}

TEST_F(ReplicaReadsTest, WaitOnEachForThePosition) {
  workload.mutable_read_from()->set_replicas(2);
  workload.set_read_wait(proto::FOR_POSITION);
  Begin();
  cluster.sent[0].Answer(proto::COMMITTED, At(7));
  cluster.sent[1].Answer(proto::COMMITTED, At(6));
  ASSERT_THAT(cluster.sent, SizeIs(6));
  for (size_t i = 3; i < 6; ++i) {
    EXPECT_EQ(cluster.sent[i].mode, ReadMode::kAtPosition);
    EXPECT_EQ(cluster.sent[i].at_least, At(7));
  }
}

}  // namespace
}  // namespace replsim::replica_reads_test
