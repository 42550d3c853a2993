// Nodes that change their role without a restart, in virtual time: a fenced primary follows its
// successor, and leads again later.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/cluster/virtual/virtual_cluster.h"
#include "simulator/cluster/virtual/virtual_scheduler.h"
#include "simulator/recording/run_folder.h"
#include "simulator/scenario/scenario.h"

namespace replsim::role_change_test {
namespace {

const NodeId kP("p"), kR1("r1"), kR2("r2");

class RoleChangeTest : public testing::Test {
 protected:
  // p leads, r1 and r2 follow; writes are acknowledged after `ack_after`.
  void Start(const std::string& ack_after) {
    const auto loaded = LoadScenarioText(
        absl::StrCat(
            "question: q\nduration: 60s\ncluster: {replicas: 2}\nreplication: {ack_after: ",
            ack_after, "}\nworkload: {clients: 1, arrival: {rate: 1/s}, mix: {write: 1}}\n"),
        "role_change", {}, {});
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    scenario_ = loaded->variants.front().scenario;
    cluster_.emplace(scenario_, &scheduler_, Rng(1));
    std::optional<absl::Status> started;
    cluster_->Start([&started](const absl::Status& status) { started = status; });
    Run(Millis(1000));
    ASSERT_TRUE(started && started->ok());
  }
  void Run(Nanos span) {
    bool over = false;
    scheduler_.At(scheduler_.Now() + span, [&over] { over = true; });
    while (!over && scheduler_.RunNext()) {
    }
  }
  // Each of a client of its own, sent to the node that leads by then.
  void Write(int count) {
    for (int i = 0; i < count; ++i) {
      const size_t n = outcomes_.size();
      outcomes_.push_back(proto::OUTCOME_UNSPECIFIED);
      cluster_->Write(n + 1, 1, absl::StrCat("k", n % 5), absl::StrCat("v", n),
                      scheduler_.Now() + Millis(20'000),
                      [this, n](const OperationResult& result) { outcomes_[n] = result.outcome; });
    }
  }
  void Isolate(const NodeId& node, bool heals) {
    for (const NodeId& other : {kP, kR1, kR2}) {
      if (other == node) continue;
      heals ? cluster_->HealLink(node, other) : cluster_->CutLink(node, other);
      heals ? cluster_->HealLink(other, node) : cluster_->CutLink(other, node);
    }
  }
  void Promote(const NodeId& node) {
    std::optional<absl::Status> done;
    cluster_->Promote(node, [&done](const absl::Status& status) { done = status; });
    Run(Millis(100));
    ASSERT_TRUE(done && done->ok()) << (done ? done->message() : "no answer");
  }
  absl::Status BecomeReplica(const NodeId& node, const NodeId& primary) {
    std::optional<absl::Status> done;
    cluster_->node(node).BecomeReplica(primary, [&done](absl::Status status) { done = status; });
    Run(Millis(100));
    return done ? *done : absl::UnknownError("no answer");
  }
  CoreDescription Describe(const NodeId& node) { return cluster_->node(node).core().Describe(); }
  void ExpectConverged(const NodeId& primary) {
    const CoreDescription leads = Describe(primary);
    EXPECT_TRUE(leads.is_primary && !leads.fenced);
    for (const NodeId& id : {kP, kR1, kR2}) {
      EXPECT_EQ(ToString(Describe(id).append), ToString(leads.append)) << id.name();
      EXPECT_EQ(cluster_->node(id).store().digest(), cluster_->node(primary).store().digest())
          << id.name();
      EXPECT_EQ(Describe(id).following, id == primary ? NodeId() : primary) << id.name();
    }
  }
  uint64_t RolledBack(const NodeId& node) {
    return RollbackBytes(cluster_->node(node).files(), VirtualNode::folder());
  }
  int Starts(const NodeId& node) {
    int starts = 0;
    for (const TraceRecord& record : cluster_->node(node).TakeTrace()) {
      if (static_cast<TraceKind>(record.kind) == TraceKind::kStarted) ++starts;
    }
    return starts;
  }

  VirtualScheduler scheduler_;
  proto::Scenario scenario_;
  std::optional<VirtualCluster> cluster_;
  std::vector<proto::Outcome> outcomes_;
};

TEST_F(RoleChangeTest, AFencedPrimaryFollowsItsSuccessorAndLeadsAgain) {
  Start("flush");
  Write(10);
  Run(Millis(500));
  Isolate(kP, /*heals=*/false);
  Write(5);  // p acknowledges them, and no replica has them
  Run(Millis(2000));
  EXPECT_EQ(Describe(kP).append.lsn, Lsn(15));
  EXPECT_EQ(Describe(kR1).append.lsn, Lsn(10));
  Promote(kR1);
  Write(3);
  Run(Millis(500));
  Isolate(kP, /*heals=*/true);
  Run(Millis(2000));
  ASSERT_TRUE(Describe(kP).fenced);

  EXPECT_TRUE(BecomeReplica(kP, kR1).ok());
  Run(Millis(1000));
  EXPECT_EQ(Describe(kP).truncated_entries, 5u);
  EXPECT_GT(RolledBack(kP), 0u);
  Write(4);
  Run(Millis(500));
  EXPECT_EQ(Describe(kP).append.lsn, Lsn(17));
  ExpectConverged(kR1);

  // And back: streams that p dials now are numbered after those of its first time as a replica.
  Promote(kP);
  Write(2);
  Run(Millis(2000));
  ASSERT_TRUE(Describe(kR1).fenced);
  EXPECT_TRUE(BecomeReplica(kR1, kP).ok());
  Run(Millis(1000));
  Promote(kR1);
  Run(Millis(2000));
  EXPECT_TRUE(BecomeReplica(kP, kR1).ok());
  Write(2);
  Run(Millis(1000));
  ExpectConverged(kR1);
  EXPECT_EQ(outcomes_, std::vector<proto::Outcome>(outcomes_.size(), proto::COMMITTED));
  EXPECT_EQ(Starts(kP), 1);
  EXPECT_EQ(Starts(kR1), 1);
}

TEST_F(RoleChangeTest, ClientsThatWaitAreAnsweredUnknown) {
  Start("replica-flush");
  Write(3);
  Run(Millis(500));
  Isolate(kP, /*heals=*/false);
  Write(4);  // logged on p, and waiting for a replica
  Run(Millis(500));
  Promote(kR1);
  Isolate(kP, /*heals=*/true);
  Run(Millis(2000));
  EXPECT_TRUE(BecomeReplica(kP, kR1).ok());
  Run(Millis(1000));
  for (size_t i = 0; i < outcomes_.size(); ++i) {
    EXPECT_EQ(outcomes_[i], i < 3 ? proto::COMMITTED : proto::UNKNOWN) << i;
  }
  ExpectConverged(kR1);
}

TEST_F(RoleChangeTest, APrimaryThatLeadsAndAReplicaDoNotBecomeReplicas) {
  Start("flush");
  const absl::Status leads = BecomeReplica(kP, kR1);
  EXPECT_EQ(leads.message(), "p leads epoch 1: no higher epoch is known");
  EXPECT_EQ(BecomeReplica(kR1, kP).message(), "r1 is already a replica");
  Write(2);
  Run(Millis(500));
  ExpectConverged(kP);
}

TEST_F(RoleChangeTest, ANodeThatDiesBeforeItsTurnAnswers) {
  Start("flush");
  std::optional<absl::Status> done;
  cluster_->node(kP).BecomeReplica(kR1, [&done](absl::Status status) { done = status; });
  cluster_->node(kP).Kill();
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->ok());
}

}  // namespace
}  // namespace replsim::role_change_test
