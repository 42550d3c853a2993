// The primary by hand: fencing, streams, catch-up, announcements, reads.
#include "primary/core/primary_core.h"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/primary_core_fixture.h"
#include "tests/unit/record_batches.h"

namespace replsim::primary_core_test {
namespace {

// --- fencing ---

class Fencing : public PrimaryCoreTest, public testing::WithParamInterface<int> {};

TEST_P(Fencing, MakesWhatWaitsUnknownAndRejectsTheRest) {
  options_.knobs.ack_after = Stage::kReplicaFlush;
  Start();
  Write(1);
  Logged(1);
  switch (GetParam()) {
    case 0:
      Tell(StreamId(200), Hello{NodeId("r1"), Epoch(3), {}, Lsn(0)});
      break;
    case 1:
      Tell(kR1, Ack{Epoch(3), Lsn(1), Lsn(1), Lsn(1), Lsn(1)});
      break;
    case 2:
      Tell(kR1, Refusal{Epoch(3)});
      break;
    case 3:
      driver_->Do(PeerAsked{NodeId("r1"), Announcement{Epoch(3)}});
      break;
    case 4:
      driver_->Do(PeerAnswered{NodeId("r1"), KnownEpoch{Epoch(3)}});
      break;
    case 5:
      driver_->Do(FollowRequest{NodeId("r1"), Epoch(3)});
      break;
    default:
      driver_->Do(Request(2, 3));
  }
  ASSERT_GE(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].id, RequestId(1));
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kUnknown);
  EXPECT_EQ(driver_->All<SaveEpoch>().at(0).epoch, Epoch(3));
  EXPECT_GE(driver_->All<CloseStream>().size(), 2u);
  Write(3);
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kRejected);
  EXPECT_EQ(Answers()[0].why, Refused::kFenced);
  AckFrom(1, 1, 1, 1, 1);
  EXPECT_FALSE(Answered());
  EXPECT_TRUE(driver_->core().Describe().fenced);
  EXPECT_EQ(driver_->core().NextTimer(), kNever);
}

INSTANTIATE_TEST_SUITE_P(Ways, Fencing, testing::Range(0, 7));

// As after a long pause: queued writes arrive first, then the new epoch.
TEST_F(PrimaryCoreTest, FencedInTheTurnOfAWriteItTracesTheLogAsItIs) {
  Start();
  Write(1);
  Logged(1);
  driver_->Do(Request(2), FollowRequest{NodeId("r1"), Epoch(3)});
  EXPECT_TRUE(driver_->All<AppendLog>().empty());
  ASSERT_EQ(driver_->All<Trace>().size(), 1u);
  EXPECT_EQ(driver_->All<Trace>()[0].kind, TraceKind::kFenced);
  EXPECT_EQ(driver_->All<Trace>()[0].lsn, Lsn(1));
}

TEST_F(PrimaryCoreTest, AFencedOneServesStaleReadsOnlyToWhoAsksForNoMore) {
  Start();
  driver_->Do(PeerAsked{NodeId("r1"), Announcement{Epoch(3)}});
  driver_->Do(ReadRequest{RequestId(1), "k", ReadConsistency::kAny, {}},
              ReadRequest{RequestId(2), "k", ReadConsistency::kPrimary, {}},
              ReadRequest{RequestId(3), "k", ReadConsistency::kAtPosition, {Epoch(2), Lsn(9)}});
  const auto reads = driver_->All<AnswerRead>();
  ASSERT_EQ(reads.size(), 3u);
  EXPECT_EQ(reads[0].why, Refused::kNone);
  EXPECT_EQ(reads[1].why, Refused::kFenced);
  EXPECT_EQ(reads[2].why, Refused::kFenced);
}

TEST_F(PrimaryCoreTest, AFailedLogMakesWhatWaitsUnknownAndIsNeverFollowedByACommit) {
  Start();
  Write(1);
  driver_->Do(LogFailed{"no space"});
  EXPECT_EQ(Answers().at(0).outcome, WriteOutcome::kUnknown);
  driver_->Do(LogWritten{Lsn(1)}, LogFlushed{Lsn(1)});
  EXPECT_FALSE(Answered());
  Write(2);
  EXPECT_EQ(Answers().at(0).why, Refused::kNodeStopped);
  EXPECT_EQ(driver_->core().Describe().failure, "no space");
}

// --- streams ---

TEST_F(PrimaryCoreTest, ResumesAfterWhatTheReplicaHas) {
  Start();
  driver_->Do(Request(1), Request(2), Request(3));
  Logged(3);
  driver_->Do(StreamClosed{kR1});
  Tell(StreamId(300), HelloOf(1, Lsn(2)));
  EXPECT_EQ(driver_->Sent<Welcome>(StreamId(300)).at(0).resume_after, Lsn(2));
  EXPECT_EQ(driver_->Sent<Append>(StreamId(300)).at(0).batch->first, Lsn(3));
}

TEST_F(PrimaryCoreTest, RefusesAReplicaThatNeedsRecordsFromBeforeItsFirstPosition) {
  for (int i = 1; i <= 2; ++i) options_.replicas.emplace_back(absl::StrCat("r", i));
  options_.members = options_.replicas;
  const EpochHistory history({{Epoch(1), Lsn(1)}});
  CoreStart start{NodeId("p"), Epoch(1), history, Lsn(200), Lsn(200), Lsn(200)};
  start.first = Lsn(150);
  driver_.emplace(std::make_unique<PrimaryCore>(options_, start, Epoch(2), AtMs(1000)));
  Tell(kR1, Hello{NodeId("r1"), Epoch(1), history, Lsn(148)});
  const auto refusals = driver_->Sent<Refusal>(kR1);
  ASSERT_EQ(refusals.size(), 1u);
  EXPECT_EQ(refusals[0].epoch, Epoch(2));
  EXPECT_EQ(refusals[0].first, Lsn(150));
  ASSERT_EQ(driver_->All<CloseStream>().size(), 1u);
  EXPECT_TRUE(driver_->Sent<Welcome>(kR1).empty());
  EXPECT_FALSE(driver_->core().Describe().peers.at(0).streaming);
  // A replica that has the record before the first position is served.
  Tell(kR2, Hello{NodeId("r2"), Epoch(1), history, Lsn(149)});
  ASSERT_EQ(driver_->Sent<Welcome>(kR2).size(), 1u);
  EXPECT_EQ(driver_->Sent<Welcome>(kR2)[0].resume_after, Lsn(149));
}

// Records sent before the truncation is complete would be lost on it.
TEST_F(PrimaryCoreTest, OneThatMustCutIsSentNothingBeforeItHas) {
  Start();
  driver_->Do(Request(1), Request(2), Request(3));
  Logged(3);
  const EpochHistory other({{Epoch(1), Lsn(1)}});
  Tell(StreamId(300), Hello{NodeId("r1"), Epoch(1), other, Lsn(7)});
  EXPECT_EQ(driver_->Sent<Welcome>(StreamId(300)).at(0).resume_after, Lsn(0));
  EXPECT_TRUE(driver_->Sent<Append>(StreamId(300)).empty());
  Tell(StreamId(300), Ack{Epoch(2), Lsn(0), Lsn(0), Lsn(0), Lsn(0)});
  EXPECT_EQ(driver_->Sent<Append>(StreamId(300)).at(0).batch->first, Lsn(1));
}

TEST_F(PrimaryCoreTest, AReconnectReplacesTheOldStreamAndAStrangerIsClosed) {
  Start();
  Tell(StreamId(300), HelloOf(1, Lsn(0)));
  ASSERT_EQ(driver_->All<CloseStream>().size(), 1u);
  EXPECT_EQ(driver_->All<CloseStream>()[0].stream, kR1);
  EXPECT_EQ(driver_->Sent<Welcome>(StreamId(300)).size(), 1u);
  Tell(StreamId(301), HelloOf(9, Lsn(0)));
  ASSERT_EQ(driver_->All<CloseStream>().size(), 1u);
  EXPECT_EQ(driver_->All<CloseStream>()[0].stream, StreamId(301));
}

TEST_F(PrimaryCoreTest, TellsTheReplicaWhichStagesAGateWaitsFor) {
  options_.knobs.ack_after = Stage::kReplicaFlush;
  options_.knobs.visible_after = Stage::kReplicaApply;
  Start();
  const auto welcome = driver_->Sent<Welcome>(kR2);
  EXPECT_EQ(welcome.at(0).prompt_stages,
            (std::set<Stage>{Stage::kReplicaFlush, Stage::kReplicaApply}));
}

TEST_F(PrimaryCoreTest, AnAckOfWhatWasNeverSentEndsTheStream) {
  Start();
  AckFrom(1, 5, 5, 5, 5);
  EXPECT_EQ(driver_->All<CloseStream>().size(), 1u);
}

TEST_F(PrimaryCoreTest, TheWindowBoundsWhatIsInFlight) {
  options_.window.records_max = 2;
  Start(1);
  for (uint64_t id = 1; id <= 4; ++id) Write(id);
  driver_->Do(LogWritten{Lsn(4)});
  ASSERT_EQ(driver_->Sent<Append>(kR1).size(), 2u);
  AckFrom(1, 2, 1, 0, 0);
  ASSERT_EQ(driver_->Sent<Append>(kR1).size(), 1u);
  EXPECT_EQ(driver_->Sent<Append>(kR1)[0].batch->first, Lsn(3));
}

TEST_F(PrimaryCoreTest, OneFarBehindIsReadFromTheLog) {
  options_.recent_bytes_max = 1;
  Start(2);
  for (uint64_t id = 1; id <= 3; ++id) {
    Write(id);
    Logged(id);
    driver_->Do(Applied{Lsn(id)});
  }
  Tell(StreamId(300), HelloOf(2, Lsn(1)));
  const auto reads = driver_->All<ReadRecords>();
  ASSERT_EQ(reads.size(), 1u);
  EXPECT_EQ(reads[0].from, Lsn(2));
  EXPECT_TRUE(driver_->Sent<Append>(StreamId(300)).empty());
  driver_->Do(RecordsRead{StreamId(300), MakeBatch(2, 2, 2)});
  const auto sent = driver_->Sent<Append>(StreamId(300));
  ASSERT_EQ(sent.size(), 2u);  // what was read, and the rest from memory
  EXPECT_EQ(sent[0].batch->first, Lsn(2));
  EXPECT_EQ(sent[1].batch->first, Lsn(3));
}

TEST_F(PrimaryCoreTest, AFullQueueIsRefused) {
  options_.pending_records_max = 2;
  options_.knobs.ack_after = Stage::kReplicaFlush;
  Start();
  driver_->Do(Request(1), Request(2), Request(3));
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].why, Refused::kOverloaded);
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kRejected);
}

// --- the start of an epoch ---

// A replica that was catching up knows of epochs whose records it never got.
TEST_F(PrimaryCoreTest, AnEpochThatLiesBeyondItsLogIsForgotten) {
  const EpochHistory ahead({{Epoch(1), Lsn(1)}, {Epoch(2), Lsn(11)}});
  CoreDriver driver(std::make_unique<PrimaryCore>(
      options_, CoreStart{NodeId("r1"), Epoch(2), ahead, Lsn(5), Lsn(5), Lsn(5)}, Epoch(3),
      AtMs(0)));
  EXPECT_EQ(driver.All<SaveEpoch>().at(0).history,
            EpochHistory({{Epoch(1), Lsn(1)}, {Epoch(3), Lsn(6)}}));
}

TEST_F(PrimaryCoreTest, AnnouncesItselfUntilThePeerFollows) {
  options_.announce = true;
  options_.replicas = {NodeId("p"), NodeId("r2")};
  options_.members = {NodeId("r2")};
  options_.heartbeat_timeout = Millis(100);
  options_.announce_interval = Millis(50);
  driver_.emplace(std::make_unique<PrimaryCore>(
      options_, CoreStart{NodeId("r1"), Epoch(1), {}, Lsn(0), Lsn(0), Lsn(0)}, Epoch(2),
      AtMs(1000)));
  EXPECT_EQ(driver_->All<AskPeer>().size(), 2u);
  Tell(StreamId(300), Hello{NodeId("r2"), Epoch(2), {}, Lsn(0)});
  // It knows the epoch, and may still die
  driver_->Do(PeerAnswered{NodeId("p"), KnownEpoch{Epoch(2)}});
  driver_->Wait(Millis(50));
  ASSERT_EQ(driver_->All<AskPeer>().size(), 1u);
  EXPECT_EQ(driver_->All<AskPeer>()[0].peer, NodeId("p"));
  Tell(StreamId(301), Hello{NodeId("p"), Epoch(2), {}, Lsn(0)});
  Tell(StreamId(300), Ack{Epoch(2), Lsn(0), Lsn(0), Lsn(0), Lsn(0)});  // r2 is not silent
  driver_->Do(StreamClosed{StreamId(301)});
  EXPECT_TRUE(driver_->All<AskPeer>().empty());  // it will dial again, if it lives
  driver_->Wait(Millis(50));
  EXPECT_EQ(driver_->All<AskPeer>().size(), 1u);
}

// After a failover that was not the last: a node may still look for the primary before this one.
TEST_F(PrimaryCoreTest, OneThatRestartedAnnouncesItselfToWhoDoesNotDial) {
  options_.replicas = options_.members = {NodeId("r1")};
  options_.announce_interval = Millis(50);
  driver_.emplace(std::make_unique<PrimaryCore>(
      options_, CoreStart{NodeId("p"), Epoch(1), {}, Lsn(0), Lsn(0), Lsn(0)}, Epoch(2),
      AtMs(1000)));
  EXPECT_TRUE(driver_->All<AskPeer>().empty());
  driver_->Wait(Millis(100));
  EXPECT_EQ(driver_->All<AskPeer>().size(), 1u);
}

// --- reads ---

TEST_F(PrimaryCoreTest, AReadAtAPositionWaitsUntilItIsApplied) {
  Start();
  Write(1);
  Logged(1);
  driver_->Do(ReadRequest{RequestId(9), "key", ReadConsistency::kAtPosition, {Epoch(2), Lsn(1)}});
  EXPECT_TRUE(driver_->All<AnswerRead>().empty());
  driver_->Do(Applied{Lsn(1)});
  EXPECT_EQ(driver_->All<AnswerRead>().at(0).why, Refused::kNone);
}

}  // namespace
}  // namespace replsim::primary_core_test
