// A fenced primary makes way for a core that follows.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/unit/primary_core_fixture.h"

namespace replsim::primary_step_down_test {
namespace {

using RoleChange = Core::RoleChange;

TEST_F(PrimaryCoreTest, WhileItLeadsItDoesNotMakeWay) {
  Start();
  EXPECT_TRUE(absl::IsFailedPrecondition(driver_->core().BeginDemotion()));
  EXPECT_EQ(driver_->core().role_change(), RoleChange::kNone);
}

TEST_F(PrimaryCoreTest, MakesWayOnceTheLogHasWhatItWasGiven) {
  Start();
  Write(1);
  driver_->Do(PeerAsked{NodeId("r1"), Announcement{Epoch(9)}});
  EXPECT_TRUE(driver_->core().BeginDemotion().ok());
  EXPECT_EQ(driver_->core().role_change(), RoleChange::kWaits);
  driver_->Do(LogWritten{Lsn(1)});
  EXPECT_EQ(driver_->core().role_change(), RoleChange::kReady);
}

TEST_F(PrimaryCoreTest, HandsOverItsLogAndTheEpochThatFencedIt) {
  CoreStart start{NodeId("p"), Epoch(1), {}, Lsn(0), Lsn(0), Lsn(0)};
  start.next_stream = StreamId(4);
  options_.replicas = {NodeId("r1")};
  driver_.emplace(std::make_unique<PrimaryCore>(options_, start, Epoch(2), AtMs(1000)));
  Write(1);
  driver_->Do(LogWritten{Lsn(1)});
  driver_->Do(PeerAsked{NodeId("r1"), Announcement{Epoch(9)}});
  Effects last_words;
  const CoreStart next = driver_->core().HandOver(&last_words);
  EXPECT_EQ(next.id, NodeId("p"));
  EXPECT_EQ(next.epoch, Epoch(9));
  EXPECT_EQ(next.history.EpochAt(Lsn(1)), Epoch(2));
  EXPECT_EQ(next.last, Lsn(1));
  EXPECT_EQ(next.flushed, Lsn(0));
  EXPECT_EQ(next.next_stream, StreamId(4));
  EXPECT_TRUE(last_words.empty());
}

TEST_F(PrimaryCoreTest, AReadThatStillWaitsIsRefusedAtTheHandover) {
  options_.replicas = {NodeId("r1")};
  options_.take_over = TakeOver::kOwnRecord;
  const CoreStart start{NodeId("p"), Epoch(1), {}, Lsn(5), Lsn(5), Lsn(5)};
  driver_.emplace(std::make_unique<PrimaryCore>(options_, start, Epoch(2), AtMs(1000)));
  driver_->Do(LogWritten{Lsn(6)}, PeerAsked{NodeId("r1"), Announcement{Epoch(9)}});
  driver_->Do(ReadRequest{
      RequestId(7), "key", ReadConsistency::kAny, {}});  // waits for the record of epoch 2
  EXPECT_TRUE(driver_->All<AnswerRead>().empty());
  Effects last_words;
  driver_->core().HandOver(&last_words);
  ASSERT_EQ(last_words.size(), 1u);
  EXPECT_EQ(std::get<AnswerRead>(last_words[0]).why, Refused::kFenced);
}

// --- elections ---

class LoseLeadTest : public PrimaryCoreTest {
 protected:
  void StartOfFive() {
    options_.election.suspect_after = options_.election.lose_lead_after = Millis(100);
    Start(4);
  }
  void Hear(int i) { AckFrom(i, 0, 0, 0, 0); }
};

TEST_F(LoseLeadTest, StopsLeadingWhenTooFewNodesAnswer) {
  StartOfFive();
  Write(1);
  driver_->Wait(Millis(60));
  Hear(1);
  driver_->Wait(Millis(10));
  Hear(2);
  driver_->Wait(Millis(89));
  EXPECT_TRUE(driver_->All<Trace>().empty());
  EXPECT_EQ(driver_->core().NextTimer(), driver_->now() + Millis(1));
  driver_->Wait(Millis(1));  // r1 has been silent for 100 ms: only r2 is left
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kUnknown);
  EXPECT_EQ(driver_->All<AskPeer>().size(), 0u);
  Write(2);
  EXPECT_EQ(Answers()[0].why, Refused::kNotPrimary);
}

TEST_F(LoseLeadTest, GoesOnWhileAMajorityAnswersInTurns) {
  StartOfFive();
  for (int i = 0; i < 40; ++i) {
    driver_->Wait(Millis(25));
    Hear(1 + i % 4);
  }
  EXPECT_FALSE(driver_->core().Describe().fenced);
}

TEST_F(LoseLeadTest, WithRejoinFollowItAsksToBecomeAReplicaOfItsOwnEpoch) {
  options_.election.rejoin = Rejoin::kFollow;
  StartOfFive();
  driver_->Wait(Millis(100));
  EXPECT_EQ(driver_->All<StepDown>().size(), 1u);
  ASSERT_EQ(driver_->core().role_change(), RoleChange::kReady);
  Effects last_words;
  const CoreStart start = driver_->core().HandOver(&last_words);
  EXPECT_EQ(start.epoch, Epoch(2));
  EXPECT_EQ(start.voted_for, NodeId("p"));  // nobody else can lead epoch 2
}

TEST_F(LoseLeadTest, ToldToStepDownItStopsAtOnceAlthoughAllNodesAnswer) {
  options_.election.rejoin = Rejoin::kFollow;
  StartOfFive();
  Write(1);
  ASSERT_TRUE(driver_->core().GiveUpLead(driver_->now()).ok());
  driver_->Do(TimerFired{});
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kUnknown) << "it is in the log";
  ASSERT_EQ(driver_->All<Trace>().size(), 1u);
  EXPECT_EQ(driver_->All<Trace>()[0].kind, TraceKind::kStepsDown);
  EXPECT_EQ(driver_->All<StepDown>().size(), 1u);
  Write(2);
  EXPECT_EQ(Answers()[0].why, Refused::kNotPrimary);
  EXPECT_EQ(driver_->core().GiveUpLead(driver_->now()).message(), "p does not lead");
}

TEST_F(PrimaryCoreTest, WithoutElectionsItLeadsOnWhenToldToStepDown) {
  Start();
  EXPECT_TRUE(absl::IsFailedPrecondition(driver_->core().GiveUpLead(driver_->now())));
  EXPECT_FALSE(driver_->core().Describe().fenced);
}

class DiskStallTest : public PrimaryCoreTest {
 protected:
  DiskStallTest() {
    options_.election.suspect_after = Millis(100);
    options_.election.disk_stall_after = Millis(300);
  }
  bool Leads() { return !driver_->core().Describe().fenced; }
};

TEST_F(DiskStallTest, StopsLeadingWhenNoFlushHasEndedForTheTime) {
  Start();
  Write(1);
  driver_->Do(LogWritten{Lsn(1)});
  driver_->Wait(Millis(299));
  EXPECT_TRUE(Leads());
  EXPECT_EQ(driver_->core().NextTimer(), driver_->now() + Millis(1));
  driver_->Wait(Millis(1));
  EXPECT_FALSE(Leads());
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kUnknown);
}

TEST_F(DiskStallTest, WritesToThePageCacheDoNotHideAStalledFlush) {
  Start();
  for (uint64_t lsn = 1; lsn <= 3; ++lsn) {
    Write(lsn);
    driver_->Do(LogWritten{Lsn(lsn)});
    driver_->Wait(Millis(100));
  }
  EXPECT_FALSE(Leads());
}

TEST_F(DiskStallTest, AWriteThatDoesNotReachThePageCacheIsAStallToo) {
  options_.durability.sync = Sync::kOs;
  Start();
  Write(1);
  driver_->Wait(Millis(300));
  EXPECT_FALSE(Leads());
}

TEST_F(DiskStallTest, GoesOnWhileTheDiskIsSlowerThanTheLoadOrHasNothingToDo) {
  Start();
  for (uint64_t lsn = 1; lsn <= 10; ++lsn) {
    Write(2 * lsn - 1);
    Write(2 * lsn);
    driver_->Wait(Millis(250));
    Logged(lsn);  // always behind
  }
  EXPECT_TRUE(Leads());
  Logged(20);
  driver_->Wait(Millis(5000));
  EXPECT_TRUE(Leads()) << "nothing is due";
}

// Five nodes: with r1 and r2 bound, the other two and a candidate cannot elect.
class LeaseTest : public PrimaryCoreTest {
 protected:
  LeaseTest() {
    options_.election.suspect_after = options_.election.lease = Millis(100);
    options_.election.lease_margin = Millis(10);
  }
  // The follower has received what was sent at `heard_ms`.
  void Hear(int i, int64_t heard_ms) {
    Tell(StreamOf(i), Ack{Epoch(2), Lsn(0), Lsn(0), Lsn(0), Lsn(0), AtMs(heard_ms)});
  }
  void Ask(bool hand_over) {
    driver_->Do(PeerAsked{NodeId("r3"), VoteRequest{Epoch(3), {}, false, hand_over}, AskId(1)});
  }
  bool Leads() { return !driver_->core().Describe().fenced; }
};

TEST_F(LeaseTest, TheLeaseBeginsWhenTheMessageWasSentThatEnoughFollowersHaveReceived) {
  Start(4);
  driver_->Wait(Millis(50));
  Hear(1, 1050);
  EXPECT_EQ(driver_->core().NextTimer(), AtMs(1090));
  Hear(2, 1040);
  EXPECT_EQ(driver_->core().NextTimer(), AtMs(1130));
  driver_->Wait(Millis(79));
  EXPECT_TRUE(Leads());
  driver_->Wait(Millis(1));
  EXPECT_FALSE(Leads());
}

TEST_F(LeaseTest, AReadAfterTheEndIsRefusedAlthoughNoTimerHasFired) {
  Start(4);
  driver_->core().Step(AtMs(1090), ReadRequest{RequestId(7), "key", ReadConsistency::kPrimary, {}});
  driver_->Wait(Millis(90));
  const auto answers = driver_->All<AnswerRead>();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].why, Refused::kFenced);
}

TEST_F(LeaseTest, ACandidateDoesNotDeposeItDuringTheLeaseUnlessItHandsOver) {
  Start(4);
  Ask(/*hand_over=*/false);
  EXPECT_TRUE(Leads());
  Ask(/*hand_over=*/true);
  EXPECT_FALSE(Leads());
}

TEST_F(LeaseTest, AnElectedPrimaryCountsFromItsRequestForVotes) {
  options_.replicas = options_.members = {NodeId("r1"), NodeId("r2")};
  CoreStart start{NodeId("p"), Epoch(2), {}, Lsn(0), Lsn(0), Lsn(0)};
  start.voted_for = NodeId("p");
  start.elected_at = AtMs(970);
  driver_.emplace(std::make_unique<PrimaryCore>(options_, start, Epoch(2), AtMs(1000)));
  EXPECT_EQ(driver_->core().NextTimer(), AtMs(1060));
}

TEST_F(LeaseTest, AfterItsEndTheFollowersStillGetTheRestOfTheLog) {
  options_.election.rejoin = Rejoin::kFollow;
  options_.knobs.send_after = Stage::kFlush;
  Start(2);
  Write(1);
  driver_->Wait(Millis(90));
  EXPECT_FALSE(Leads());
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kUnknown);
  EXPECT_TRUE(driver_->All<StepDown>().empty());
  EXPECT_EQ(driver_->core().role_change(), RoleChange::kWaits);
  Logged(1);
  EXPECT_EQ(driver_->All<Send>().size(), 2u);
  AckFrom(1, 1, 0, 0, 0);
  EXPECT_TRUE(driver_->All<StepDown>().empty());
  AckFrom(2, 1, 0, 0, 0);
  EXPECT_EQ(driver_->All<StepDown>().size(), 1u);
  EXPECT_EQ(driver_->All<CloseStream>().size(), 2u);
}

// With replicas-first, records that were sent are not yet in the primary's log and never will be.
TEST_F(LeaseTest, TheRestOfTheLogIsNoMoreThanTheLogHas) {
  options_.knobs.order = Order::kReplicasFirst;
  options_.knobs.send_after = Stage::kAppend;
  options_.knobs.ack_after = options_.knobs.visible_after = Stage::kReplicaFlush;
  options_.window.records_max = 1;
  Start(2);
  for (uint64_t id = 1; id <= 3; ++id) Write(id);
  ASSERT_TRUE(driver_->core().GiveUpLead(driver_->now()).ok());
  driver_->Do(TimerFired{});
  AckFrom(1, 1, 0, 0, 0);
  AckFrom(2, 1, 0, 0, 0);
  EXPECT_TRUE(driver_->All<ReadRecords>().empty()) << "its log is empty";
  EXPECT_EQ(driver_->core().role_change(), RoleChange::kReady);
}

TEST_F(LeaseTest, AFollowerThatDoesNotAnswerGetsTheRestOnlyWhileTheLeaseLasts) {
  options_.election.rejoin = Rejoin::kFollow;
  Start(2);
  Write(1);
  Logged(1);
  driver_->Wait(Millis(90));
  EXPECT_EQ(driver_->core().NextTimer(), AtMs(1100));
  Tell(StreamOf(1), HelloOf(1, Lsn(0)));  // it no longer takes followers
  driver_->Wait(Millis(9));
  EXPECT_TRUE(driver_->All<StepDown>().empty());
  driver_->Wait(Millis(1));
  EXPECT_EQ(driver_->All<StepDown>().size(), 1u);
}

// p, r1 and the witness w1.
class WitnessTest : public LeaseTest {
 protected:
  void StartWithWitness() {
    options_.witnesses = {NodeId("w1")};
    Start(1);
  }
  // The instants at which the announcements of the last call were sent.
  std::vector<Instant> Announced() {
    std::vector<Instant> sent;
    for (const AskPeer& ask : driver_->All<AskPeer>()) {
      if (ask.peer != NodeId("w1")) continue;
      sent.push_back(std::get<Announcement>(ask.request).time);
    }
    return sent;
  }
  void Answer(int64_t sent_ms, uint64_t epoch = 2) {
    driver_->Do(PeerAnswered{NodeId("w1"), KnownEpoch{Epoch(epoch), AtMs(sent_ms)}});
  }
};

TEST_F(WitnessTest, IsToldAtEveryHeartbeatIntervalThatThePrimaryLeads) {
  options_.election.lease = Nanos(0);
  options_.replicas = options_.members = {NodeId("r1")};
  options_.witnesses = {NodeId("w1")};
  options_.heartbeat_interval = Millis(20);
  options_.heartbeat_timeout = Millis(3'600'000);
  driver_.emplace(std::make_unique<PrimaryCore>(
      options_, CoreStart{NodeId("p"), Epoch(1), {}, Lsn(0), Lsn(0), Lsn(0)}, Epoch(2),
      AtMs(1000)));
  EXPECT_EQ(Announced(), std::vector{AtMs(1000)});
  EXPECT_EQ(driver_->core().NextTimer(), AtMs(1020));
  driver_->Wait(Millis(19));
  EXPECT_TRUE(Announced().empty());
  driver_->Wait(Millis(1));
  EXPECT_EQ(Announced(), std::vector{AtMs(1020)});
}

TEST_F(WitnessTest, ItsAnswerRenewsTheLeaseFromWhenTheAnnouncementWasSent) {
  StartWithWitness();
  driver_->Wait(Millis(50));
  Answer(1030);
  EXPECT_EQ(driver_->core().NextTimer(), AtMs(1120));
  Answer(1010);  // overtaken
  EXPECT_EQ(driver_->core().NextTimer(), AtMs(1120));
  driver_->Wait(Millis(69));
  EXPECT_TRUE(Leads());
  driver_->Wait(Millis(1));
  EXPECT_FALSE(Leads());
}

TEST_F(WitnessTest, CountsAmongTheNodesThatThePrimaryMustHear) {
  options_.election.lease = Nanos(0);
  options_.election.lose_lead_after = Millis(100);
  StartWithWitness();
  for (int i = 0; i < 10; ++i) {
    driver_->Wait(Millis(50));
    Answer(1000);  // r1 is silent; two of three nodes are enough
  }
  EXPECT_TRUE(Leads());
  driver_->Wait(Millis(100));
  EXPECT_FALSE(Leads());
}

// p, r1 and three witnesses, which alone vote: two of them must be bound.
TEST_F(WitnessTest, WhereWitnessesAloneVoteTheyAloneHoldTheLease) {
  options_.election.voters = Voters::kWitnesses;
  options_.witnesses = {NodeId("w1"), NodeId("w2"), NodeId("w3")};
  Start(1);
  driver_->Wait(Millis(50));
  Hear(1, 1050);
  Answer(1040);
  EXPECT_EQ(driver_->core().NextTimer(), AtMs(1090));
  driver_->Do(PeerAnswered{NodeId("w2"), KnownEpoch{Epoch(2), AtMs(1030)}});
  EXPECT_EQ(driver_->core().NextTimer(), AtMs(1120));
}

TEST_F(WitnessTest, FencesAPrimaryThatHasASuccessor) {
  StartWithWitness();
  Answer(1000, /*epoch=*/3);
  EXPECT_FALSE(Leads());
}

TEST_F(PrimaryCoreTest, AVoteRequestOfAHigherEpochFencesItAndAPreVoteDoesNot) {
  options_.election.rejoin = Rejoin::kFollow;
  Start();
  const auto ask = [&](bool pre_vote) {
    driver_->Do(PeerAsked{NodeId("r1"), VoteRequest{Epoch(3), {}, pre_vote, false}, AskId(5)});
    return std::get<Vote>(driver_->All<AnswerPeer>().at(0).answer);
  };
  EXPECT_FALSE(ask(/*pre_vote=*/true).granted);
  EXPECT_FALSE(driver_->core().Describe().fenced);
  const Vote vote = ask(/*pre_vote=*/false);
  EXPECT_FALSE(vote.granted);
  EXPECT_EQ(vote.known, Epoch(3));
  EXPECT_TRUE(driver_->core().Describe().fenced);
  EXPECT_EQ(driver_->All<StepDown>().size(), 1u);
}

TEST_F(PrimaryCoreTest, HandsOverThePrimaryThatAnnouncedItself) {
  Start();
  driver_->Do(MessageReceived{kR1, Refusal{Epoch(9)}});
  driver_->Do(PeerAsked{NodeId("r2"), Announcement{Epoch(9)}});
  Effects last_words;
  EXPECT_EQ(driver_->core().HandOver(&last_words).primary, NodeId("r2"));
}

}  // namespace
}  // namespace replsim::primary_step_down_test
