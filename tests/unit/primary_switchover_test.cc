// A primary that hands its lead over.
#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/primary_core_fixture.h"

namespace replsim::primary_switchover_test {
namespace {

class SwitchoverTest : public PrimaryCoreTest {
 protected:
  SwitchoverTest() {
    options_.election.suspect_after = Millis(100);
    options_.election.rejoin = Rejoin::kFollow;
    options_.knobs.ack_after = options_.knobs.visible_after = Stage::kReplicaReceive;
  }
  void Begin(const char* target) { driver_->Do(SwitchoverRequest{NodeId(target)}); }
  // The node that was told to take the lead in the last call; empty: none.
  std::string Told() const {
    for (const AskPeer& ask : driver_->All<AskPeer>()) {
      if (!std::holds_alternative<TakeLead>(ask.request)) continue;
      EXPECT_TRUE(IsRecorded(ask.peer));
      return ask.peer.name();
    }
    return "";
  }
  bool IsRecorded(const NodeId& target) const {
    for (const Trace& trace : driver_->All<Trace>()) {
      if (trace.kind == TraceKind::kHandsOver && trace.peer == target) return true;
    }
    return false;
  }
  void Deposed() {
    driver_->Do(PeerAsked{NodeId("r1"), VoteRequest{Epoch(3), {}, false, false}, AskId(1)});
  }
};

TEST_F(SwitchoverTest, TellsATargetThatHasEverythingAtOnce) {
  Start();
  Begin("r1");
  EXPECT_EQ(Told(), "r1");
  driver_->Wait(Millis(1));
  EXPECT_EQ(Told(), "");  // once
}

TEST_F(SwitchoverTest, WaitsUntilAllIsCommittedAndTheTargetHasIt) {
  Start();
  Write(1);
  Begin("r1");
  EXPECT_EQ(Told(), "");
  Logged(1);
  EXPECT_EQ(Told(), "");
  AckFrom(2, 1, 1, 1, 1);  // committed, but r1 lacks it
  EXPECT_TRUE(Answered());
  EXPECT_EQ(Told(), "");
  AckFrom(1, 1, 0, 0, 0);
  EXPECT_EQ(Told(), "r1");
}

TEST_F(SwitchoverTest, TheTargetIsChosenWhenWritesHaveStopped) {
  Start();
  Write(1);
  Begin("");
  Logged(1);
  AckFrom(2, 1, 1, 1, 1);
  EXPECT_EQ(Told(), "r2");
}

TEST_F(SwitchoverTest, ANodeThatNeverLeadsIsNotChosen) {
  options_.election.never_leads = {NodeId("r1")};
  Start();
  Begin("");
  EXPECT_EQ(Told(), "r2");
}

TEST_F(SwitchoverTest, WritesThatArriveMeanwhileAreRejectedWhenItIsDeposed) {
  Start();
  Begin("r1");
  Write(1);
  EXPECT_TRUE(driver_->All<AppendLog>().empty());
  EXPECT_FALSE(Answered());
  Deposed();
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kRejected);
  EXPECT_EQ(Answers()[0].why, Refused::kFenced);
}

TEST_F(SwitchoverTest, GoesOnWithTheWritesItHeldBackIfNoOtherNodeIsElectedInTime) {
  options_.switchover_timeout = Millis(50);
  Start();
  Begin("r1");
  Write(1);
  EXPECT_LE(driver_->core().NextTimer(), driver_->now() + Millis(50));
  driver_->Wait(Millis(49));
  EXPECT_TRUE(driver_->All<AppendLog>().empty());
  driver_->Wait(Millis(1));
  EXPECT_EQ(driver_->All<AppendLog>().size(), 1u);
  Write(2);
  EXPECT_EQ(driver_->All<AppendLog>().size(), 1u);
}

TEST_F(SwitchoverTest, APrimaryWithALeaseGivesItUpWhenItTellsTheTarget) {
  options_.election.lease = Millis(100);
  Start();
  Write(1);
  Begin("r1");
  Write(2);
  Logged(1);
  EXPECT_TRUE(driver_->All<StepDown>().empty());
  AckFrom(1, 1, 1, 1, 1);
  EXPECT_EQ(Told(), "r1");
  EXPECT_EQ(driver_->All<StepDown>().size(), 1u);
  const auto answers = Answers();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].outcome, WriteOutcome::kCommitted);
  EXPECT_EQ(answers[1].outcome, WriteOutcome::kRejected);
}

TEST_F(SwitchoverTest, WithoutElectionsItDoesNothing) {
  options_.election.suspect_after = Nanos(0);
  Start();
  Begin("r1");
  EXPECT_EQ(Told(), "");
  Write(1);
  EXPECT_EQ(driver_->All<AppendLog>().size(), 1u);
}

}  // namespace
}  // namespace replsim::primary_switchover_test
