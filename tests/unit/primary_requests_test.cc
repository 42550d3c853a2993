// Tickets and repeated requests, at a primary driven by hand.
#include "tests/unit/primary_core_fixture.h"

namespace replsim::primary_requests_test {
namespace {

Position At(uint64_t lsn) { return {Epoch(2), Lsn(lsn)}; }

class PrimaryRequestsTest : public PrimaryCoreTest {
 protected:
  // Waits for a flush on one replica, and on p.
  void StartWaiting() {
    options_.knobs.ack_after = options_.knobs.visible_after = Stage::kReplicaFlush;
    Start(1);
  }
  void Submit(uint64_t id) {
    WriteRequest write = Request(id);
    write.ticket = true;
    driver_->Do(std::move(write));
  }
  // The request of write `id`, under another name for its answer.
  void Again(uint64_t id, uint64_t as, uint64_t sequence = 1) {
    WriteRequest write = Request(id);
    write.id = RequestId(as);
    write.sequence = sequence;
    driver_->Do(std::move(write));
  }
  void Ask(uint64_t id, Position ticket, bool watch = false) {
    driver_->Do(TicketRequest{RequestId(id), Epoch(0), ticket, watch});
  }
  void Done(uint64_t lsn) {
    Logged(lsn);
    AckFrom(1, lsn, lsn, lsn, lsn);
  }
  void ExpectOnly(uint64_t id, WriteOutcome outcome, Position position,
                  Refused why = Refused::kNone) const {
    ASSERT_EQ(Answers().size(), 1u);
    const AnswerWrite answer = Answers()[0];
    EXPECT_EQ(answer.id, RequestId(id));
    EXPECT_EQ(answer.outcome, outcome);
    EXPECT_EQ(answer.position, position);
    EXPECT_EQ(answer.why, why);
  }
};

TEST_F(PrimaryRequestsTest, ATicketIsGivenBeforeAnythingIsLogged) {
  StartWaiting();
  Submit(1);
  ExpectOnly(1, WriteOutcome::kPending, At(1));
  EXPECT_TRUE((driver_->Before<AnswerWrite, AppendLog>()));
  Ask(2, At(1));
  ExpectOnly(2, WriteOutcome::kPending, At(1));
  Done(1);
  EXPECT_FALSE(Answered()) << "who submits is answered once";
  Ask(3, At(1));
  ExpectOnly(3, WriteOutcome::kCommitted, At(1));
}

TEST_F(PrimaryRequestsTest, WhoWatchesIsAnsweredWhenItIsDone) {
  StartWaiting();
  Submit(1);
  Ask(2, At(1), /*watch=*/true);
  EXPECT_FALSE(Answered());
  Done(1);
  ExpectOnly(2, WriteOutcome::kCommitted, At(1));
}

TEST_F(PrimaryRequestsTest, TheQueueOfJobsIsBounded) {
  options_.pending_records_max = 1;
  StartWaiting();
  Submit(1);
  Submit(2);
  ExpectOnly(2, WriteOutcome::kRejected, {}, Refused::kOverloaded);
}

TEST_F(PrimaryRequestsTest, ATicketOfAHigherEpochFences) {
  StartWaiting();
  Submit(1);
  Ask(2, {Epoch(3), Lsn(1)});
  ExpectOnly(2, WriteOutcome::kUnknown, {Epoch(3), Lsn(1)}, Refused::kFenced);
  Ask(3, At(1));
  ExpectOnly(3, WriteOutcome::kUnknown, At(1), Refused::kFenced);
}

TEST_F(PrimaryRequestsTest, WhoWatchesAPrimaryThatIsFencedIsToldThatNothingIsKnown) {
  StartWaiting();
  Submit(1);
  Ask(2, At(1), /*watch=*/true);
  Tell(kR1, Refusal{Epoch(9)});
  ExpectOnly(2, WriteOutcome::kUnknown, At(1), Refused::kFenced);
}

TEST_F(PrimaryRequestsTest, ARequestThatComesAgainIsLoggedOnceAndAnsweredEachTime) {
  StartWaiting();
  Write(1);
  Again(1, 2);
  EXPECT_TRUE(driver_->All<AppendLog>().empty());
  EXPECT_FALSE(Answered());
  Done(1);
  ASSERT_EQ(Answers().size(), 2u);
  EXPECT_EQ(Answers()[0].position, At(1));
  EXPECT_EQ(Answers()[1].position, At(1));
  Again(1, 3);
  ExpectOnly(3, WriteOutcome::kCommitted, At(1));
}

TEST_F(PrimaryRequestsTest, OneOlderThanWhatItsClientAskedForSinceCannotBeToldApart) {
  StartWaiting();
  Again(7, 1, 5);
  Again(7, 2, 4);
  ExpectOnly(2, WriteOutcome::kUnknown, {}, Refused::kSuperseded);
  EXPECT_TRUE(driver_->All<AppendLog>().empty());
}

TEST_F(PrimaryRequestsTest, OneThatComesAgainHasNoMoreTimeThanTheFirst) {
  options_.knobs.on_timeout = OnTimeout::kUnknown;
  options_.knobs.timeout = Millis(100);
  StartWaiting();
  Write(1);
  Again(1, 2);
  driver_->Wait(Millis(100));
  ASSERT_EQ(Answers().size(), 2u);
  EXPECT_EQ(Answers()[1].outcome, WriteOutcome::kUnknown);
  EXPECT_EQ(Answers()[1].why, Refused::kGateTimeout);
  Again(1, 3);
  ExpectOnly(3, WriteOutcome::kUnknown, At(1), Refused::kGateTimeout);
}

// Inherited records count as committed for readers. Clients learn of it only when a replica of the
// new primary has them, because the next failover could lose them otherwise.
TEST_F(PrimaryRequestsTest, WhatWasTakenOverIsDoneWhenTheGateHasReachedItHere) {
  options_.knobs.ack_after = options_.knobs.visible_after = Stage::kReplicaFlush;
  options_.replicas = options_.members = {NodeId("r1")};
  options_.heartbeat_interval = options_.heartbeat_timeout = Millis(3'600'000);
  const EpochHistory history({{Epoch(1), Lsn(1)}});
  CoreStart start{NodeId("p"), Epoch(1), history, Lsn(4), Lsn(4), Lsn(4)};
  start.requests.Add(7, 1, {Epoch(1), Lsn(4)});
  driver_.emplace(std::make_unique<PrimaryCore>(options_, start, Epoch(2), AtMs(1000)));
  Ask(1, {Epoch(1), Lsn(4)});
  ExpectOnly(1, WriteOutcome::kPending, {Epoch(1), Lsn(4)});
  Again(7, 2);
  EXPECT_FALSE(Answered());
  Tell(kR1, Hello{NodeId("r1"), Epoch(1), history, Lsn(4)});
  AckFrom(1, 4, 4, 4, 4);
  ExpectOnly(2, WriteOutcome::kCommitted, {Epoch(1), Lsn(4)});
  Ask(3, {Epoch(1), Lsn(5)});
  ExpectOnly(3, WriteOutcome::kLost, {Epoch(1), Lsn(5)});
}

}  // namespace
}  // namespace replsim::primary_requests_test
