// A primary with an in-sync set: what its gates wait for, and what it tells the witnesses.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/unit/primary_core_fixture.h"

namespace replsim::primary_in_sync_test {
namespace {

// p, r1, r2 and three witnesses, which alone vote.
class PrimaryInSyncTest : public PrimaryCoreTest {
 protected:
  PrimaryInSyncTest() {
    options_.knobs.ack_after = options_.knobs.visible_after = Stage::kReplicaFlush;
    options_.knobs.sync_set.kind = SyncSet::Kind::kInSync;
    options_.knobs.in_sync.leave_after = Millis(100);
    options_.election.suspect_after = Millis(50);
    options_.election.voters = Voters::kWitnesses;
    options_.election.grant_rule = GrantRule::kInSyncSet;
    options_.witnesses = {NodeId("w1"), NodeId("w2"), NodeId("w3")};
  }
  // The members that were announced to w1 in the last call; empty: nothing was.
  std::vector<std::string> Announced() const {
    std::vector<std::string> members;
    for (const AskPeer& ask : driver_->All<AskPeer>()) {
      if (ask.peer != NodeId("w1")) continue;
      const auto& announced = std::get<Announcement>(ask.request);
      EXPECT_EQ(announced.in_sync.epoch, Epoch(2));
      for (const NodeId& id : announced.in_sync.members) members.push_back(id.name());
    }
    return members;
  }
  // Whether r1 was told in the last call that it is a member; absent: nothing was sent to it.
  std::optional<bool> Told() const {
    std::optional<bool> told;
    for (const Append& append : driver_->Sent<Append>(StreamOf(1))) told = append.in_sync;
    return told;
  }
  // r1 connects again, after an unclean shutdown, with an empty log.
  void ConnectUnclean() {
    Hello hello = HelloOf(1, Lsn(0));
    hello.unclean = true;
    Tell(StreamOf(1), hello);
  }
  void Stored(uint64_t version, uint64_t epoch = 2) {
    driver_->Do(PeerAnswered{NodeId("w1"), KnownEpoch{Epoch(epoch), driver_->now(), version}},
                PeerAnswered{NodeId("w3"), KnownEpoch{Epoch(epoch), driver_->now(), version}});
  }
};

TEST_F(PrimaryInSyncTest, AcknowledgesNothingBeforeItsFirstSetIsStored) {
  Start();
  Write(1);
  Logged(1);
  EXPECT_FALSE(Answered());
  AckFrom(1, 1, 1, 1, 1);
  AckFrom(2, 1, 1, 1, 1);
  EXPECT_FALSE(Answered());
  driver_->Do(PeerAnswered{NodeId("r1"), KnownEpoch{Epoch(2), driver_->now(), 1}});  // no witness
  driver_->Do(PeerAnswered{NodeId("w1"), KnownEpoch{Epoch(2), driver_->now(), 1}});
  EXPECT_FALSE(Answered());
  driver_->Do(PeerAnswered{NodeId("w2"), KnownEpoch{Epoch(2), driver_->now(), 1}});
  EXPECT_TRUE(Answered());
}

TEST_F(PrimaryInSyncTest, WaitsForTheReplicasThatItPublishesAtOnce) {
  Start();
  Stored(1);
  EXPECT_EQ(Announced(), (std::vector<std::string>{"p", "r1", "r2"}));
  Write(1);
  Logged(1);
  AckFrom(1, 1, 1, 1, 0);
  EXPECT_FALSE(Answered());
  AckFrom(2, 1, 1, 1, 0);
  EXPECT_TRUE(Answered());
}

TEST_F(PrimaryInSyncTest, AReplicaThatJoinsMustHaveWhatIsCommitted) {
  Start(1);
  Stored(1);
  Stored(2);
  Write(1);
  Logged(1);
  AckFrom(1, 1, 1, 1, 1);
  ASSERT_TRUE(Answered());
  driver_->Do(StreamClosed{StreamOf(1)});
  driver_->Wait(Millis(100));
  EXPECT_EQ(Announced(), std::vector<std::string>{"p"});
  Stored(3);
  Connect(1, Lsn(0));
  EXPECT_TRUE(Announced().empty());
  AckFrom(1, 1, 1, 1, 0);
  EXPECT_EQ(Announced(), (std::vector<std::string>{"p", "r1"}));
}

TEST_F(PrimaryInSyncTest, GoesOnWithoutAMemberOnlyWhenTheWitnessesHaveDroppedIt) {
  Start();
  Stored(1);
  Stored(2);
  Write(1);
  Logged(1);
  AckFrom(1, 1, 1, 1, 1);
  driver_->Wait(Millis(100));
  EXPECT_EQ(Announced(), (std::vector<std::string>{"p", "r1"}));
  EXPECT_FALSE(Answered());
  Stored(2);  // late
  EXPECT_FALSE(Answered());
  Stored(3);
  EXPECT_TRUE(Answered());
}

TEST_F(PrimaryInSyncTest, RepeatsASetThatIsNotStored) {
  Start();
  EXPECT_EQ(driver_->core().NextTimer(), AtMs(1050));
  driver_->Wait(Millis(50));
  EXPECT_EQ(Announced(), std::vector<std::string>{"p"});
}

TEST_F(PrimaryInSyncTest, HandsOverOnlyToAMember) {
  options_.knobs.in_sync.size = 1;
  Start();
  Stored(1);
  Stored(2);
  driver_->Do(SwitchoverRequest{NodeId("r2")});
  for (const AskPeer& ask : driver_->All<AskPeer>()) {
    EXPECT_FALSE(std::holds_alternative<TakeLead>(ask.request));
  }
  driver_->Wait(Millis(2000));
  Stored(2);
  driver_->Do(SwitchoverRequest{NodeId("r1")});
  ASSERT_EQ(driver_->All<AskPeer>().size(), 1u);
  EXPECT_EQ(driver_->All<AskPeer>()[0].peer, NodeId("r1"));
}

TEST_F(PrimaryInSyncTest, AReplicaThatNeverLeadsIsNoMember) {
  options_.election.never_leads = {NodeId("r1")};
  Start();
  Stored(1);
  EXPECT_EQ(Announced(), (std::vector<std::string>{"p", "r2"}));
}

TEST_F(PrimaryInSyncTest, AnUncleanMemberIsToldThatItIsOneOnlyWhenItIsPublishedAgain) {
  options_.election.unclean_restart = UncleanRestart::kNotEligible;
  options_.knobs.in_sync.leave_after = Millis(10'000);
  Start();
  Stored(1);
  Stored(2);
  Write(1);
  Logged(1);
  EXPECT_EQ(Told(), true);
  AckFrom(1, 1, 1, 1, 1);
  AckFrom(2, 1, 1, 1, 1);
  ASSERT_TRUE(Answered());
  ConnectUnclean();
  EXPECT_EQ(Announced(), (std::vector<std::string>{"p", "r2"}));
  EXPECT_EQ(Told(), false);  // it is sent the record that it lacks
  Stored(3);
  AckFrom(1, 1, 1, 1, 1);
  EXPECT_EQ(Announced(), (std::vector<std::string>{"p", "r1", "r2"}));
  Write(2);
  Logged(2);
  EXPECT_EQ(Told(), false);
  Stored(4);
  Write(3);
  Logged(3);
  EXPECT_EQ(Told(), true);
}

TEST_F(PrimaryInSyncTest, WithoutTheRuleAnUncleanMemberStays) {
  Start();
  Stored(1);
  Stored(2);
  ConnectUnclean();
  EXPECT_TRUE(Announced().empty());
  Write(1);
  Logged(1);
  EXPECT_EQ(Told(), true);
}

}  // namespace
}  // namespace replsim::primary_in_sync_test
