// Quorum commit over the in-sync set (in_sync.acks, grant_rule: in-sync-quorum): for whom the gates
// wait, which sets are published with which quorum, and who is elected.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/election/election.h"
#include "primary/core/in_sync_set.h"
#include "tests/unit/core_driver.h"

namespace replsim::in_sync_quorum_test {
namespace {

using Names = std::vector<std::string>;

// p, r1, r2 and r3; one replica must have a write.
class QuorumSetTest : public testing::Test {
 protected:
  QuorumSetTest() {
    knobs_.leave_after = Millis(100);
    knobs_.acks = 1;
  }
  void Start(const PublishedSet& told = {}, const char* primary = "p") {
    now_ = AtMs(1000);
    replicas_.clear();
    std::vector<NodeId> candidates;
    for (const char* name : {"p", "r1", "r2", "r3"}) {
      if (std::string(name) == primary) continue;
      candidates.emplace_back(name);
      replicas_.push_back({NodeId(name), false, Lsn(0)});
    }
    set_.emplace(knobs_, NodeId(primary), Epoch(3), told, candidates, /*enough=*/2, now_);
  }
  InSyncSet::Replica& Replica(const char* name) {
    for (InSyncSet::Replica& replica : replicas_) {
      if (replica.id == NodeId(name)) return replica;
    }
    return replicas_.front();
  }
  void At(const char* name, uint64_t position) {
    Replica(name).connected = true;
    Replica(name).position = Lsn(position);
  }
  void UpdateAfter(int64_t ms, uint64_t committed, uint64_t last) {
    now_ += Millis(ms);
    set_->Update(replicas_, Lsn(committed), Lsn(last), now_);
  }
  void Store() {
    Effects effects;
    for (const char* witness : {"w1", "w2"}) {
      set_->HandleStored(NodeId(witness), set_->published().version, &effects);
    }
  }
  // p, r1, r2 and r3, all of which have ten records.
  void StartWithAll() {
    Start();
    Store();
    for (const char* name : {"r1", "r2", "r3"}) At(name, 10);
    UpdateAfter(1, 10, 10);
    Store();
    EXPECT_EQ(Published(), (Names{"p", "r1", "r2", "r3"}));
  }
  Names Published() const {
    Names names;
    for (const NodeId& id : set_->published().members) names.push_back(id.name());
    return names;
  }
  uint64_t Reached(uint64_t last) {
    const auto position = [this](const NodeId& id) {
      for (const InSyncSet::Replica& replica : replicas_) {
        if (replica.id == id) return replica.position;
      }
      return Lsn(0);
    };
    return set_->Reached(Lsn(last), position).value();
  }

  InSyncKnobs knobs_;
  std::vector<InSyncSet::Replica> replicas_;
  Instant now_;
  std::optional<InSyncSet> set_;
};

TEST_F(QuorumSetTest, OneReplicaIsEnoughAndTheQuorumMakesUpForTheOthers) {
  StartWithAll();
  EXPECT_EQ(set_->published().quorum, 2u);  // 1 + 1 holders, the elected one and 2 others, of 4
  At("r2", 14);
  At("r3", 12);
  EXPECT_EQ(Reached(20), 14u);
  EXPECT_EQ(Reached(13), 13u);
  knobs_.acks = 2;
  StartWithAll();
  EXPECT_EQ(set_->published().quorum, 1u);
  At("r2", 14);
  At("r3", 12);
  EXPECT_EQ(Reached(20), 12u);
}

TEST_F(QuorumSetTest, ASmallerSetNeedsAllOfItsReplicas) {
  knobs_.acks = 2;
  Start();
  EXPECT_EQ(Reached(20), 0u) << "no set is stored";
  Store();
  EXPECT_EQ(Reached(20), 20u) << "the primary alone";
  At("r1", 10);
  UpdateAfter(1, 10, 10);
  EXPECT_EQ(Published(), (Names{"p", "r1"}));
  EXPECT_EQ(set_->published().quorum, 0u);
  EXPECT_EQ(Reached(20), 10u);
}

TEST_F(QuorumSetTest, AReplicaThatIsNearlyCaughtUpJoinsWithoutAWait) {
  Start();
  Store();
  At("r1", 10);
  UpdateAfter(1, 10, 10);
  Store();
  for (const char* name : {"r1", "r2"}) At(name, 20);
  UpdateAfter(1, 20, 20);
  EXPECT_EQ(Published(), (Names{"p", "r1", "r2"}));
  At("r3", 20);
  UpdateAfter(1, 20, 20);  // one change at a time
  Store();
  UpdateAfter(5, 24, 24);  // nearly: it lacks 5 ms
  EXPECT_EQ(Published(), (Names{"p", "r1", "r2"})) << "no other one has what is committed";
  At("r1", 24);
  UpdateAfter(1, 24, 24);
  EXPECT_EQ(Published(), (Names{"p", "r1", "r2", "r3"}));
  EXPECT_EQ(set_->published().quorum, 2u);
}

// With two acknowledgements needed, a set with r2, which lacks what r1 has acknowledged alone,
// would let r2 be elected without r1.
TEST_F(QuorumSetTest, ASetIsPublishedWhenEnoughOfItHaveWhatIsCommitted) {
  knobs_.acks = 2;
  Start();
  Store();
  At("r1", 10);
  At("r2", 10);
  UpdateAfter(1, 10, 10);
  EXPECT_EQ(Published(), (Names{"p", "r1", "r2"}));
  Start();
  Store();
  At("r1", 10);
  UpdateAfter(1, 10, 10);
  At("r2", 10);
  UpdateAfter(1, 10, 10);
  Store();
  At("r1", 15);
  UpdateAfter(1, 15, 15);
  EXPECT_EQ(Published(), (Names{"p", "r1"}));
  EXPECT_EQ(Reached(15), 10u) << "the gates wait for r2";
  At("r2", 15);
  UpdateAfter(1, 15, 15);
  EXPECT_EQ(Published(), (Names{"p", "r1", "r2"}));
  At("r1", 17);
  EXPECT_EQ(Reached(17), 15u) << "also before it is stored";
}

TEST_F(QuorumSetTest, UntilASmallerSetIsStoredTheGatesNeedBoth) {
  StartWithAll();
  Replica("r3").connected = false;
  UpdateAfter(1, 10, 10);
  UpdateAfter(100, 10, 10);
  EXPECT_EQ(Published(), (Names{"p", "r1", "r2"}));
  EXPECT_EQ(set_->published().quorum, 1u);
  At("r3", 30);
  EXPECT_EQ(Reached(30), 10u);
  Store();
  At("r1", 25);
  EXPECT_EQ(Reached(30), 25u);
}

TEST_F(QuorumSetTest, WithAHigherNumberOfAcksTheGatesWaitForOneThatJoins) {
  knobs_.acks = 2;
  Start();
  Store();
  At("r1", 10);
  UpdateAfter(1, 10, 10);
  Store();
  At("r2", 10);
  UpdateAfter(1, 10, 10);
  EXPECT_EQ(Published(), (Names{"p", "r1", "r2"}));
  At("r1", 15);
  EXPECT_EQ(Reached(15), 10u);
}

// Of the members that voted for it, it knows only that one of them all has each write.
TEST_F(QuorumSetTest, AnElectedPrimaryBeginsAlone) {
  Start({Epoch(2), 4, {NodeId("p"), NodeId("r1"), NodeId("r2")}, 1}, "r1");
  EXPECT_EQ(Published(), Names{"r1"});
  EXPECT_EQ(set_->published().quorum, 0u);
  EXPECT_EQ(Reached(20), 0u);
  Store();
  EXPECT_EQ(Reached(20), 20u);
  At("r2", 9);
  UpdateAfter(1, 10, 10);
  EXPECT_EQ(Published(), Names{"r1"}) << "10 is inherited";
  At("r2", 10);
  UpdateAfter(1, 10, 10);
  EXPECT_EQ(Published(), (Names{"r1", "r2"}));
}

// --- the election of r1, in a cluster with w1, w2 and w3, which alone vote ---

class QuorumElectionTest : public testing::Test {
 protected:
  QuorumElectionTest() {
    options_.knobs.suspect_after = Millis(100);
    options_.knobs.voters = Voters::kWitnesses;
    options_.knobs.grant_rule = GrantRule::kInSyncQuorum;
    options_.witnesses = {NodeId("w1"), NodeId("w2"), NodeId("w3")};
    options_.others = {NodeId("p"),  NodeId("r2"), NodeId("r3"),
                       NodeId("w1"), NodeId("w2"), NodeId("w3")};
    election_.emplace(options_, AtMs(0));
    EXPECT_EQ(At(100), Election::Action::kSuspect);
    EXPECT_EQ(At(100), Election::Action::kAskPreVotes);
  }
  Election::Action At(int64_t ms) { return election_->Next(AtMs(ms), Epoch(1), true); }
  void Answer(const char* from, bool pre_vote, bool granted = true, uint64_t version = 0,
              uint32_t quorum = 0) {
    Vote vote{{Epoch(2), Position(), pre_vote, false}, granted, Epoch(1)};
    if (version > 0) {
      vote.in_sync = {Epoch(1), version, {NodeId("p"), NodeId("r1"), NodeId("r2")}, quorum};
    }
    election_->HandleVote(NodeId(from), vote);
  }

  ElectionOptions options_;
  std::optional<Election> election_;
};

TEST_F(QuorumElectionTest, StandsWhenEnoughMembersSayYes) {
  Answer("w1", true, true, 5, 1);
  Answer("w2", true, true, 5, 1);
  EXPECT_EQ(At(101), Election::Action::kNothing);
  Answer("r3", true);
  EXPECT_EQ(At(101), Election::Action::kNothing) << "r3 is no member";
  Answer("p", true, /*granted=*/false);
  EXPECT_EQ(At(101), Election::Action::kNothing);
  Answer("r2", true);
  EXPECT_EQ(At(101), Election::Action::kStand);
}

TEST_F(QuorumElectionTest, IsElectedByTheWitnessesAndAQuorumOfTheNewestSetThatTheyStore) {
  for (const char* witness : {"w1", "w2"}) Answer(witness, true, true, 5, 1);
  Answer("r2", true);
  ASSERT_EQ(At(101), Election::Action::kStand);
  Answer("w1", false, true, 5, 1);
  Answer("r2", false);
  EXPECT_EQ(At(102), Election::Action::kNothing);
  Answer("w2", false, true, 6, 2);
  EXPECT_EQ(At(102), Election::Action::kNothing) << "version 6 needs two others";
  Answer("p", false);
  EXPECT_EQ(At(102), Election::Action::kLead);
}

TEST_F(QuorumElectionTest, ASetInWhichEveryMemberHasEverythingNeedsNoOther) {
  Answer("w1", true, true, 5, 0);
  Answer("w2", true, true, 5, 0);
  EXPECT_EQ(At(101), Election::Action::kStand);
}

TEST_F(QuorumElectionTest, AMemberWithALongerLogGivesNoVote) {
  const auto grants = [&](Lsn end) {
    const VoteRequest asks{Epoch(2), {Epoch(1), end}, /*pre_vote=*/false, false};
    return election_->Decide(asks, NodeId("r2"), {Epoch(1), NodeId(), {Epoch(1), Lsn(10)}}, AtMs(0))
        .granted;
  };
  EXPECT_FALSE(grants(Lsn(9)));
  EXPECT_TRUE(grants(Lsn(10)));
}

TEST_F(QuorumElectionTest, AWitnessVotesForMembersOnly) {
  const PublishedSet set{Epoch(1), 5, {NodeId("p"), NodeId("r1")}, 0};
  const auto grants = [&](const char* candidate) {
    const VoteRequest asks{Epoch(2), {}, /*pre_vote=*/false, false};
    return election_->Decide(asks, NodeId(candidate), {Epoch(1), NodeId(), {}, set}, AtMs(0))
        .granted;
  };
  EXPECT_TRUE(grants("r1"));
  EXPECT_FALSE(grants("r2"));
}

}  // namespace
}  // namespace replsim::in_sync_quorum_test
