// The published in-sync set: who joins and leaves, in which order the gates and the witnesses learn
// of it, and with which set an elected primary begins.
#include "primary/core/in_sync_set.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/core_driver.h"

namespace replsim::in_sync_set_test {
namespace {

using Names = std::vector<std::string>;

class InSyncSetTest : public testing::Test {
 protected:
  InSyncSetTest() {
    knobs_.leave_after = Millis(100);
    replicas_ = {{NodeId("r1"), false, Lsn(0)}, {NodeId("r2"), false, Lsn(0)}};
  }
  // The primary is p, or who was elected by voters that store `told`.
  void Start(PublishedSet told = {}, const char* primary = "p") {
    now_ = AtMs(1000);
    set_.emplace(knobs_, NodeId(primary), Epoch(3), told, Candidates(primary), /*enough=*/2, now_);
  }
  static std::vector<NodeId> Candidates(const std::string& primary) {
    std::vector<NodeId> others;
    for (const char* name : {"p", "r1", "r2"}) {
      if (name != primary) others.emplace_back(name);
    }
    return others;
  }
  void Connect(int i, uint64_t position) {
    replicas_[static_cast<size_t>(i - 1)].connected = true;
    replicas_[static_cast<size_t>(i - 1)].position = Lsn(position);
  }
  void Disconnect(int i) { replicas_[static_cast<size_t>(i - 1)].connected = false; }
  void Update(uint64_t committed, uint64_t last) {
    set_->Update(replicas_, Lsn(committed), Lsn(last), now_);
  }
  void UpdateAfter(int64_t ms, uint64_t committed, uint64_t last) {
    now_ += Millis(ms);
    Update(committed, last);
  }
  // The witnesses store the newest version. The traces that this causes.
  Names Store() {
    Effects effects;
    for (const char* witness : {"w1", "w2"}) {
      set_->HandleStored(NodeId(witness), set_->published().version, &effects);
    }
    Names changes;
    for (const Effect& effect : effects) {
      const Trace& trace = std::get<Trace>(effect);
      changes.push_back((trace.kind == TraceKind::kJoinsSet ? "+" : "-") + trace.peer.name());
    }
    return changes;
  }
  // p with both replicas, all of which have 10 records.
  void StartWithBoth() {
    Start();
    Store();
    Connect(1, 10);
    Connect(2, 10);
    Update(10, 10);
    EXPECT_EQ(Store(), (Names{"+r1", "+r2"}));
  }
  Names Published() const { return NamesOf(set_->published().members); }
  Names WaitsFor() const { return NamesOf({set_->waits_for().begin(), set_->waits_for().end()}); }
  static Names NamesOf(const std::vector<NodeId>& ids) {
    Names names;
    for (const NodeId& id : ids) names.push_back(id.name());
    return names;
  }

  InSyncKnobs knobs_;
  std::vector<InSyncSet::Replica> replicas_;
  Instant now_;
  std::optional<InSyncSet> set_;
};

TEST_F(InSyncSetTest, TheFirstPrimaryBeginsAloneAndClosedUntilThatIsStored) {
  Start();
  EXPECT_EQ(Published(), Names{"p"});
  EXPECT_EQ(set_->published().epoch, Epoch(3));
  EXPECT_EQ(set_->published().version, 1u);
  EXPECT_TRUE(set_->is_closed());
  Connect(1, 10);
  Update(10, 10);
  EXPECT_EQ(Published(), Names{"p"});  // one change at a time
  Effects effects;
  set_->HandleStored(NodeId("w1"), 1, &effects);
  set_->HandleStored(NodeId("w1"), 1, &effects);
  EXPECT_TRUE(set_->is_closed());
  set_->HandleStored(NodeId("w3"), 1, &effects);
  EXPECT_FALSE(set_->is_closed());
  EXPECT_TRUE(set_->is_stored());
}

TEST_F(InSyncSetTest, AReplicaJoinsTheGatesWhenItHasWhatIsCommittedAndIsPublishedThen) {
  Start();
  Store();
  Connect(1, 9);
  Update(10, 12);
  EXPECT_EQ(Published(), Names{"p"});
  Connect(1, 10);
  Update(10, 12);
  EXPECT_EQ(Published(), (Names{"p", "r1"}));
  EXPECT_EQ(WaitsFor(), Names{"r1"});
  EXPECT_FALSE(set_->is_closed());
  EXPECT_FALSE(set_->IsStoredMember(NodeId("r1")));
  EXPECT_EQ(Store(), Names{"+r1"});
  EXPECT_TRUE(set_->IsStoredMember(NodeId("r1")));
}

// Under a steady load it never has everything that is committed, unless commits wait for it.
TEST_F(InSyncSetTest, WritesWaitForAReplicaThatIsNearlyCaughtUpBeforeItIsPublished) {
  Start();
  Store();
  Connect(1, 5);
  Update(10, 10);
  Connect(1, 10);
  UpdateAfter(20, 20, 20);  // what it has is 20 ms old
  EXPECT_EQ(WaitsFor(), Names{});
  Connect(1, 20);
  UpdateAfter(10, 25, 25);
  EXPECT_EQ(WaitsFor(), Names{"r1"});
  EXPECT_EQ(Published(), Names{"p"});
  Connect(1, 24);
  UpdateAfter(10, 25, 30);
  EXPECT_EQ(WaitsFor(), Names{"r1"});
  EXPECT_EQ(Published(), Names{"p"});
  Connect(1, 25);
  UpdateAfter(10, 25, 31);
  EXPECT_EQ(Published(), (Names{"p", "r1"}));
}

TEST_F(InSyncSetTest, AReplicaThatJoinsAndIsLostAgainHoldsUpNothing) {
  Start();
  Store();
  Connect(1, 10);
  Update(11, 10);  // it is caught up, but no longer when it could be published
  UpdateAfter(5, 12, 12);
  EXPECT_EQ(WaitsFor(), Names{"r1"});
  Disconnect(1);
  UpdateAfter(1, 12, 12);
  EXPECT_EQ(WaitsFor(), Names{});
  EXPECT_EQ(Published(), Names{"p"});
}

TEST_F(InSyncSetTest, AMemberLeavesTheGatesOnlyWhenTheSetWithoutItIsStored) {
  StartWithBoth();
  Disconnect(2);
  Connect(1, 11);
  UpdateAfter(10, 10, 11);
  EXPECT_EQ(set_->NextTimer(), now_ + Millis(100));
  UpdateAfter(99, 11, 11);
  EXPECT_EQ(Published(), (Names{"p", "r1", "r2"}));
  UpdateAfter(1, 11, 11);
  EXPECT_EQ(Published(), (Names{"p", "r1"}));
  EXPECT_EQ(WaitsFor(), (Names{"r1", "r2"}));
  Effects effects;
  set_->HandleStored(NodeId("w1"), set_->published().version, &effects);
  set_->HandleStored(NodeId("w2"), set_->published().version - 1, &effects);
  EXPECT_EQ(WaitsFor(), (Names{"r1", "r2"}));
  EXPECT_EQ(Store(), Names{"-r2"});
  EXPECT_EQ(WaitsFor(), Names{"r1"});
}

TEST_F(InSyncSetTest, AMemberThatIsAlwaysOneRoundTripBehindStays) {
  StartWithBoth();
  for (uint64_t lsn = 11; lsn < 60; ++lsn) {
    UpdateAfter(10, lsn - 2, lsn);
    Connect(1, lsn - 1);
    Connect(2, lsn);
  }
  EXPECT_EQ(Published(), (Names{"p", "r1", "r2"}));
}

TEST_F(InSyncSetTest, AMemberThatFallsFurtherBehindLeaves) {
  StartWithBoth();
  for (uint64_t lsn = 20; lsn < 200; lsn += 10) {
    UpdateAfter(10, 10, lsn);
    Connect(1, 10 + lsn / 10);
    Connect(2, lsn);
  }
  EXPECT_EQ(Published(), (Names{"p", "r2"}));
}

TEST_F(InSyncSetTest, AnIdleMemberStays) {
  StartWithBoth();
  UpdateAfter(5000, 10, 10);
  EXPECT_EQ(set_->NextTimer(), kNever);
  UpdateAfter(1, 10, 11);  // it is behind from here on, not since it was looked at last
  EXPECT_EQ(Published(), (Names{"p", "r1", "r2"}));
}

TEST_F(InSyncSetTest, ASmallSetTakesAnotherReplicaForTheOneThatLeaves) {
  knobs_.size = 1;
  Start();
  Store();
  Connect(1, 10);
  Connect(2, 10);
  Update(10, 10);
  EXPECT_EQ(Published(), (Names{"p", "r1"}));
  Store();
  Disconnect(1);
  UpdateAfter(1, 10, 10);
  UpdateAfter(100, 10, 10);
  EXPECT_EQ(Published(), (Names{"p", "r2"}));
  EXPECT_EQ(WaitsFor(), (Names{"r1", "r2"}));
  EXPECT_EQ(Store(), (Names{"+r2", "-r1"}));
}

TEST_F(InSyncSetTest, WithTooFewReplicasItIsClosedAndNoneLeaves) {
  knobs_.min = 1;
  Start();
  Store();
  EXPECT_TRUE(set_->is_closed());
  Connect(1, 10);
  Update(10, 10);
  EXPECT_FALSE(set_->is_closed());
  Store();
  Disconnect(1);
  UpdateAfter(1, 10, 11);
  UpdateAfter(100, 10, 11);
  EXPECT_EQ(Published(), (Names{"p", "r1"}));
  EXPECT_EQ(set_->NextTimer(), kNever);
  Connect(2, 11);
  Update(10, 11);
  EXPECT_EQ(Published(), (Names{"p", "r2"}));
}

TEST_F(InSyncSetTest, AnElectedPrimaryBeginsWithTheNewestSetWithoutItsPredecessor) {
  Start({Epoch(2), 4, {NodeId("p"), NodeId("r1"), NodeId("r2")}}, "r1");
  EXPECT_EQ(Published(), (Names{"r1", "r2"}));
  EXPECT_EQ(set_->published().epoch, Epoch(3));
  EXPECT_TRUE(set_->is_closed());
  EXPECT_EQ(Store(), Names{"+r2"});
  EXPECT_FALSE(set_->is_closed());
  EXPECT_EQ(WaitsFor(), Names{"r2"});
}

TEST_F(InSyncSetTest, ThePredecessorStaysWhereTooFewWouldBeLeft) {
  knobs_.min = 1;
  Start({Epoch(2), 4, {NodeId("p"), NodeId("r1")}}, "r1");
  EXPECT_EQ(Published(), (Names{"r1", "p"}));
}

TEST_F(InSyncSetTest, APrimaryThatSucceedsItselfKeepsTheOthers) {
  Start({Epoch(2), 4, {NodeId("p"), NodeId("r2")}});
  EXPECT_EQ(Published(), (Names{"p", "r2"}));
}

// It may lack what it had reported, so it counts again only when it has been given all of it.
TEST_F(InSyncSetTest, AnUncleanMemberLeavesAtOnceAndJoinsAgainWhenItHasCaughtUp) {
  StartWithBoth();
  set_->HandleUnclean(NodeId("r1"));
  EXPECT_FALSE(set_->IsStoredMember(NodeId("r1")));
  Connect(1, 4);
  Update(10, 10);
  EXPECT_EQ(Published(), (Names{"p", "r2"}));
  EXPECT_EQ(WaitsFor(), (Names{"r1", "r2"}));  // it may still be elected
  EXPECT_EQ(Store(), Names{"-r1"});
  Update(10, 10);
  EXPECT_EQ(Published(), (Names{"p", "r2"}));
  Connect(1, 10);
  Update(10, 10);
  EXPECT_EQ(Published(), (Names{"p", "r1", "r2"}));
  EXPECT_FALSE(set_->IsStoredMember(NodeId("r1")));
  EXPECT_EQ(Store(), Names{"+r1"});
  EXPECT_TRUE(set_->IsStoredMember(NodeId("r1")));
}

TEST_F(InSyncSetTest, AnUncleanMemberThatHasEverythingIsPublishedAnewToo) {
  StartWithBoth();
  set_->HandleUnclean(NodeId("r1"));
  Update(10, 10);
  EXPECT_EQ(Published(), (Names{"p", "r2"}));
  EXPECT_FALSE(set_->IsStoredMember(NodeId("r1")));
  EXPECT_EQ(Store(), Names{"-r1"});
  Update(10, 10);
  EXPECT_EQ(Store(), Names{"+r1"});
  EXPECT_TRUE(set_->IsStoredMember(NodeId("r1")));
}

TEST_F(InSyncSetTest, AnUncleanMemberLeavesThoughTooFewAreLeft) {
  knobs_.min = 1;
  Start();
  Store();
  Connect(1, 10);
  Update(10, 10);
  Store();
  set_->HandleUnclean(NodeId("r1"));
  Connect(1, 0);
  Update(10, 10);
  EXPECT_EQ(Published(), Names{"p"});
  EXPECT_EQ(Store(), Names{"-r1"});
  EXPECT_TRUE(set_->is_closed());
  Connect(1, 10);
  Update(10, 10);
  EXPECT_FALSE(set_->is_closed());
}

}  // namespace
}  // namespace replsim::in_sync_set_test
