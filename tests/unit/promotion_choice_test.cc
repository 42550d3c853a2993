#include "simulator/cluster/managed/promotion_choice.h"

#include <gtest/gtest.h>

#include <string>

namespace replsim::promotion_choice_test {
namespace {

class Candidates {
 public:
  // A replica whose log ends at `end`.
  CoreDescription& Add(const std::string& id, Position end) {
    NodeStatus status;
    status.core.append = end;
    statuses_.emplace_back(NodeId(id), status);
    return statuses_.back().second->core;
  }
  void AddSilent(const std::string& id) {
    statuses_.emplace_back(NodeId(id), absl::DeadlineExceededError("no answer"));
  }
  std::string Best() const { return BestReplica(statuses_).name(); }

 private:
  RunCluster::Statuses statuses_;
};

TEST(BestReplica, TheLogThatEndsLastCountsByEpochAndThenByLsn) {
  Candidates candidates;
  candidates.Add("r1", {Epoch(1), Lsn(900)});
  candidates.Add("r2", {Epoch(2), Lsn(100)});
  EXPECT_EQ(candidates.Best(), "r2");
  candidates.Add("r3", {Epoch(2), Lsn(101)});
  EXPECT_EQ(candidates.Best(), "r3");
}

TEST(BestReplica, OfEqualLogsTheFirstReplicaIsTaken) {
  Candidates candidates;
  candidates.Add("r1", {Epoch(1), Lsn(7)});
  candidates.Add("r2", {Epoch(1), Lsn(7)});
  EXPECT_EQ(candidates.Best(), "r1");
}

TEST(BestReplica, WhatAReplicaHasFlushedDoesNotMatter) {
  Candidates candidates;
  candidates.Add("r1", {Epoch(1), Lsn(7)}).flush = Lsn(7);
  candidates.Add("r2", {Epoch(1), Lsn(8)}).flush = Lsn(0);
  EXPECT_EQ(candidates.Best(), "r2");
}

TEST(BestReplica, APrimaryAFailedNodeAndOneThatDoesNotAnswerAreNoCandidates) {
  Candidates candidates;
  candidates.Add("p", {Epoch(1), Lsn(9)}).is_primary = true;
  candidates.Add("r1", {Epoch(1), Lsn(9)}).failure = "EIO";
  candidates.AddSilent("r2");
  EXPECT_EQ(candidates.Best(), "");
  candidates.Add("r3", {Epoch(1), Lsn(0)});
  EXPECT_EQ(candidates.Best(), "r3");
}

}  // namespace
}  // namespace replsim::promotion_choice_test
