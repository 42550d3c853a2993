// The judgement, from nodes' statuses, whether a cluster has converged.
#include "simulator/cluster/managed/convergence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>
#include "common/base/check.h"

namespace replsim::convergence_test {
namespace {

using ::testing::HasSubstr;

// `first 1 [r1]`, acknowledged and shown when it has flushed.
proto::ReplicationSpec WaitsForR1() {
  proto::ReplicationSpec spec;
  spec.set_ack_after(proto::REPLICA_FLUSH);
  spec.set_visible_after(proto::REPLICA_FLUSH);
  spec.set_order(proto::PRIMARY_FIRST);
  spec.set_replica_apply(proto::ON_RECEIVE);
  spec.set_on_timeout(proto::BLOCK);
  spec.mutable_sync_set()->set_kind(proto::SyncSetSpec::FIRST_OF);
  spec.mutable_sync_set()->set_count(1);
  spec.mutable_sync_set()->add_ids("r1");
  return spec;
}

class Cluster {
 public:
  // A node whose log ends at 2:last, applied up to `apply`; its digest is of what it has applied.
  Cluster& Node(const std::string& id, uint64_t last, uint64_t apply, uint64_t digest = 0) {
    NodeStatus status;
    status.core.epoch = Epoch(2);
    status.core.append = {Epoch(2), Lsn(last)};
    status.core.write = Lsn(last);
    status.core.apply = Lsn(apply);
    status.digest = digest == 0 ? apply : digest;
    statuses_.emplace_back(NodeId(id), status);
    return *this;
  }
  NodeStatus& status(const std::string& id) {
    for (auto& [node, status] : statuses_) {
      if (node == NodeId(id)) return *status;
    }
    REPL_CHECK(false, "no node is called ", id);
    return *statuses_.front().second;
  }
  // `primary` leads.
  Rest Judge(const std::string& primary, const proto::ReplicationSpec& spec) {
    status(primary).core.is_primary = true;
    return JudgeRest(statuses_, NodeId(primary), spec);
  }

 private:
  RunCluster::Statuses statuses_;
};

TEST(Rest, ANodeThatDoesNotLeadIsNoMeasure) {
  Cluster cluster;
  cluster.Node("p", 188, 188).Node("r1", 188, 188);
  EXPECT_EQ(cluster.Judge("p", WaitsForR1()).why_not, "");
  cluster.status("p").core.fenced = true;
  EXPECT_EQ(cluster.Judge("p", WaitsForR1()).why_not,
            "p does not lead, and no other node has been elected");
}

TEST(Rest, EqualLogsThatAreShownEverywhereHaveConverged) {
  const Rest rest = Cluster().Node("p", 188, 188).Node("r1", 188, 188).Judge("p", WaitsForR1());
  EXPECT_EQ(rest.why_not, "");
  EXPECT_EQ(rest.withheld, "");
}

TEST(Rest, WhatAGateThatCannotBeReachedWithholdsIsNoDivergence) {
  const Rest rest = Cluster()
                        .Node("p", 188, 188)
                        .Node("r1", 188, 100)
                        .Node("r2", 188, 188)
                        .Judge("r1", WaitsForR1());
  EXPECT_EQ(rest.why_not, "");
  EXPECT_EQ(rest.withheld,
            "the gate first 1 [r1] cannot be reached while r1 leads: 88 entries not shown");
}

TEST(Rest, APrimaryWhoseGateCanBeReachedMustShowItsLog) {
  EXPECT_EQ(Cluster().Node("p", 188, 100).Node("r1", 188, 188).Judge("p", WaitsForR1()).why_not,
            "p has applied 100 of 188");
}

TEST(Rest, AReplicaThatAppliesAtOnceMustHaveAppliedItsLogWhateverTheGate) {
  EXPECT_EQ(Cluster().Node("r1", 188, 100).Node("r2", 188, 187).Judge("r1", WaitsForR1()).why_not,
            "r2 has applied 187 of 188");
}

TEST(Rest, LogsThatDifferHaveNotConvergedWhateverTheGate) {
  EXPECT_EQ(Cluster().Node("r1", 188, 100).Node("r2", 187, 187).Judge("r1", WaitsForR1()).why_not,
            "r2 holds 2:187, r1 2:188");
}

TEST(Rest, ContentsAreComparedAtTheSamePositionOnly) {
  const proto::ReplicationSpec spec = WaitsForR1();
  EXPECT_THAT(Cluster().Node("p", 188, 188).Node("r1", 188, 188, 7).Judge("p", spec).why_not,
              HasSubstr("r1 holds different data than p at the same position"));
  EXPECT_THAT(Cluster().Node("r1", 188, 100).Node("r2", 188, 100, 7).Judge("r1", spec).why_not,
              HasSubstr("r2 has applied 100 of 188"));
}

TEST(Rest, APrimaryThatDegradesShowsItsLogWithoutTheSet) {
  proto::ReplicationSpec spec = WaitsForR1();
  spec.set_on_timeout(proto::DEGRADE);
  EXPECT_EQ(Cluster().Node("r1", 188, 100).Node("r2", 188, 188).Judge("r1", spec).why_not,
            "r1 has applied 100 of 188");
}

TEST(Rest, InOrderReplicasFirstAShutGateKeepsThePrimaryFromLoggingWhatReplicasHold) {
  proto::ReplicationSpec spec = WaitsForR1();
  spec.set_order(proto::REPLICAS_FIRST);
  const Rest rest = Cluster().Node("r1", 100, 100).Node("r2", 188, 188).Judge("r1", spec);
  EXPECT_EQ(rest.why_not, "");
  EXPECT_THAT(rest.withheld, HasSubstr("88 entries not shown"));
}

TEST(Rest, OfTwoNamedReplicasOneThatLeadsLeavesOneToWaitFor) {
  proto::ReplicationSpec spec = WaitsForR1();
  spec.mutable_sync_set()->add_ids("r2");
  EXPECT_EQ(Cluster().Node("r1", 188, 100).Node("r2", 188, 188).Judge("r1", spec).why_not,
            "r1 has applied 100 of 188");
  spec.mutable_sync_set()->set_count(2);
  EXPECT_THAT(Cluster().Node("r1", 188, 100).Node("r2", 188, 188).Judge("r1", spec).withheld,
              HasSubstr("the gate first 2 [r1, r2] cannot be reached while r1 leads"));
}

TEST(Rest, EntriesThatWaitForRoomOnADiskAreNotInItsLogYet) {
  Cluster cluster = Cluster().Node("p", 188, 188);
  cluster.status("p").core.write = Lsn(180);
  cluster.status("p").core.disk_full = true;
  EXPECT_EQ(cluster.Judge("p", WaitsForR1()).why_not, "p has written 180 of 188: its disk is full");
}

}  // namespace
}  // namespace replsim::convergence_test
