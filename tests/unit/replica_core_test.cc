// A replica core driven by hand.
#include "replica/core/replica_core.h"

#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

#include "tests/unit/core_driver.h"
#include "tests/unit/record_batches.h"

namespace replsim::replica_core_test {
namespace {
const StreamId kFirst(1), kSecond(2);  // as the core numbers the streams it dials
const EpochHistory kEpochOne({{Epoch(1), Lsn(1)}});

class ReplicaCoreTest : public testing::Test {
 protected:
  void Start(uint64_t last = 0) {
    options_.primary = NodeId("p");
    driver_.emplace(std::make_unique<ReplicaCore>(
        options_,
        CoreStart{NodeId("r1"), Epoch(last == 0 ? 0 : 1), last == 0 ? EpochHistory() : kEpochOne,
                  Lsn(last), Lsn(last), Lsn(last)},
        AtMs(1000)));
  }
  // An empty replica that follows epoch 1.
  void Follow(std::set<Stage> prompt = {}) {
    Start();
    driver_->Do(StreamOpened{kFirst});
    Tell(kFirst, Welcome{Epoch(1), kEpochOne, Lsn(0), Lsn(0), std::move(prompt)});
  }
  void Tell(StreamId stream, Message message) {
    driver_->Do(MessageReceived{stream, std::move(message)});
  }
  void Receive(uint64_t first, uint64_t last, uint64_t commit = 0) {
    Tell(kFirst, Append{Epoch(1), Lsn(commit), Instant(), MakeBatch(1, first, last)});
  }
  bool HungUp() const { return !driver_->All<CloseStream>().empty(); }
  bool Dialled() const { return !driver_->All<Dial>().empty(); }
  std::vector<Ack> Acks() const { return driver_->Sent<Ack>(kFirst); }
  Lsn AskedToApply() const {
    const auto applies = driver_->All<ApplyRecords>();
    return applies.empty() ? Lsn(0) : applies.back().last;
  }

  absl::Status BeginPromotion(Epoch next) {
    const absl::Status begun = driver_->core().BeginPromotion(driver_->now(), next);
    driver_->Do();
    return begun;
  }
  CoreStart HandOver() {
    Effects last_words;
    return driver_->core().HandOver(&last_words);
  }

  ReplicaOptions options_;
  std::optional<CoreDriver> driver_;
};

// --- dialling ---

TEST_F(ReplicaCoreTest, DoesNotTruncateItsLogBeforeItsFirstPosition) {
  for (const uint64_t resume_after : {148, 149}) {
    options_.primary = NodeId("p");
    CoreStart start{NodeId("r1"), Epoch(1), kEpochOne, Lsn(200), Lsn(200), Lsn(200)};
    start.first = Lsn(150);
    driver_.emplace(std::make_unique<ReplicaCore>(options_, start, AtMs(1000)));
    driver_->Do(StreamOpened{kFirst});
    Tell(kFirst, Welcome{Epoch(2), kEpochOne, Lsn(resume_after), Lsn(0), {}});
    EXPECT_EQ(HungUp(), resume_after == 148);
    EXPECT_EQ(driver_->All<TruncateLog>().size(), resume_after == 148 ? 0u : 1u);
  }
}

TEST_F(ReplicaCoreTest, ThatNeedsASnapshotHangsUpAndKeepsItsLog) {
  Start(100);
  driver_->Do(StreamOpened{kFirst});
  Tell(kFirst, Refusal{Epoch(1), Lsn(150)});
  EXPECT_TRUE(HungUp());
  EXPECT_TRUE(driver_->All<TruncateLog>().empty());
  EXPECT_EQ(driver_->core().Describe().append.lsn, Lsn(100));
}

TEST_F(ReplicaCoreTest, DialsItsPrimaryAndSaysWhatItHas) {
  Start(7);
  ASSERT_TRUE(Dialled());
  EXPECT_EQ(driver_->All<Dial>()[0].primary, NodeId("p"));
  driver_->Do(StreamOpened{kFirst});
  const auto hello = driver_->Sent<Hello>(kFirst);
  ASSERT_EQ(hello.size(), 1u);
  EXPECT_EQ(hello[0].last, Lsn(7));
  EXPECT_EQ(hello[0].history, kEpochOne);
}

TEST_F(ReplicaCoreTest, DialsAgainAfterTheRedialInterval) {
  Start();
  driver_->Do(StreamClosed{kFirst});
  EXPECT_EQ(driver_->core().NextTimer(), driver_->now() + options_.redial_interval);
  driver_->Wait(options_.redial_interval);
  EXPECT_EQ(driver_->All<Dial>().at(0).stream, kSecond);
}

TEST_F(ReplicaCoreTest, GivesUpADialThatNobodyAnswers) {
  Start();
  driver_->Wait(options_.heartbeat_timeout);
  EXPECT_TRUE(HungUp());
  driver_->Do(StreamOpened{kFirst});  // too late
  EXPECT_TRUE(HungUp());
}

TEST_F(ReplicaCoreTest, HangsUpOnASilentPrimaryAndHeartbeatsKeepItUp) {
  Follow();
  for (int i = 0; i < 5; ++i) {
    driver_->Wait(options_.heartbeat_timeout / 2);
    EXPECT_FALSE(HungUp());
    Tell(kFirst, Append{Epoch(1), Lsn(0), Instant(), nullptr});
    EXPECT_EQ(Acks().size(), 1u);  // the primary hears us too
  }
  driver_->Wait(options_.heartbeat_timeout);
  EXPECT_TRUE(HungUp());
}

TEST_F(ReplicaCoreTest, WithoutAPrimaryItWaitsToBeTold) {
  driver_.emplace(std::make_unique<ReplicaCore>(
      options_, CoreStart{NodeId("r1"), Epoch(0), {}, Lsn(0), Lsn(0), Lsn(0)}, AtMs(1000)));
  EXPECT_FALSE(Dialled());
  EXPECT_EQ(driver_->core().NextTimer(), kNever);
  driver_->Do(PeerAsked{NodeId("r2"), Announcement{Epoch(1)}});
  EXPECT_TRUE(Dialled());
}

// --- acks ---

TEST_F(ReplicaCoreTest, APromptStageIsReportedAtOnceTheOthersAfterTheInterval) {
  Follow({Stage::kReplicaFlush});
  driver_->Wait(options_.report_interval);
  Tell(kFirst, Append{Epoch(1), Lsn(0), Instant(), nullptr});  // acked now: the interval begins
  Receive(1, 2);
  driver_->Do(LogWritten{Lsn(2)});
  EXPECT_TRUE(Acks().empty());
  driver_->Do(LogFlushed{Lsn(2)});
  ASSERT_EQ(Acks().size(), 1u);
  EXPECT_EQ(Acks()[0].flush, Lsn(2));
  driver_->Do(Applied{Lsn(2)});
  EXPECT_TRUE(Acks().empty());
  EXPECT_EQ(driver_->core().NextTimer(), driver_->now() + options_.report_interval);
  driver_->Wait(options_.report_interval);
  ASSERT_EQ(Acks().size(), 1u);
  EXPECT_EQ(Acks()[0].apply, Lsn(2));
}

// --- the log ---

TEST_F(ReplicaCoreTest, AGapOrAnotherEpochHangsUp) {
  Follow();
  Receive(2, 2);
  EXPECT_TRUE(HungUp());
  EXPECT_TRUE(driver_->All<AppendLog>().empty());
  Follow();
  Tell(kFirst, Append{Epoch(2), Lsn(0), Instant(), MakeBatch(2, 1, 1)});
  EXPECT_TRUE(HungUp());
}

TEST_F(ReplicaCoreTest, EveryWriteIsFlushedAlone) {
  options_.durability.sync = Sync::kEveryWrite;
  Follow();
  Receive(1, 3);
  const auto appends = driver_->All<AppendLog>();
  ASSERT_EQ(appends.size(), 3u);
  EXPECT_EQ(appends[2].batch->first, Lsn(3));
  EXPECT_EQ(appends[2].flush, FlushMode::kAlone);
}

TEST_F(ReplicaCoreTest, IntervalFlushesByTheClock) {
  options_.durability = {Sync::kInterval, Millis(5)};
  Follow();
  Receive(1, 3);
  EXPECT_EQ(driver_->All<AppendLog>().at(0).flush, FlushMode::kNone);
  driver_->Do(LogWritten{Lsn(3)});
  driver_->Wait(Millis(5));
  EXPECT_EQ(driver_->All<FlushLog>().size(), 1u);
}

TEST_F(ReplicaCoreTest, CutsItsLogBackBeforeItStreams) {
  Start(9);
  driver_->Do(StreamOpened{kFirst});
  const EpochHistory other({{Epoch(1), Lsn(1)}, {Epoch(2), Lsn(6)}});
  Tell(kFirst, Welcome{Epoch(2), other, Lsn(5), Lsn(5), {}});
  EXPECT_EQ(driver_->All<TruncateLog>().at(0).last, Lsn(5));
  EXPECT_TRUE(driver_->All<SaveEpoch>().empty());
  driver_->Do(LogTruncated{Lsn(5), 4});
  EXPECT_EQ(driver_->All<SaveEpoch>().at(0).history, other);
  EXPECT_EQ(Acks().at(0).flush, Lsn(5));
  EXPECT_EQ(driver_->core().Describe().truncated_entries, 4u);
}

TEST_F(ReplicaCoreTest, ACutOutlivesItsStreamAndCanBePromotedAfterwards) {
  Start(9);
  driver_->Do(StreamOpened{kFirst});
  Tell(kFirst,
       Welcome{
           Epoch(2), EpochHistory({{Epoch(1), Lsn(1)}, {Epoch(2), Lsn(6)}}), Lsn(5), Lsn(5), {}});
  driver_->Do(StreamClosed{kFirst});
  EXPECT_FALSE(BeginPromotion(Epoch(3)).ok());
  EXPECT_FALSE(Dialled());
  driver_->Do(LogTruncated{Lsn(5), 4});
  EXPECT_TRUE(Dialled());
  ASSERT_TRUE(BeginPromotion(Epoch(3)).ok());
  EXPECT_EQ(HandOver().last, Lsn(5));
}

// A flush that was in progress when the truncation began is reported after it.
TEST_F(ReplicaCoreTest, TracesNoPositionBeyondACut) {
  Follow();
  Receive(1, 9);
  driver_->Do(LogWritten{Lsn(9)});
  driver_->Do(FollowRequest{NodeId("r2"), Epoch(2)});
  driver_->Do(StreamOpened{kSecond});
  Tell(kSecond,
       Welcome{
           Epoch(2), EpochHistory({{Epoch(1), Lsn(1)}, {Epoch(2), Lsn(6)}}), Lsn(5), Lsn(5), {}});
  EXPECT_EQ(driver_->All<TruncateLog>().at(0).last, Lsn(5));
  driver_->Do(LogFlushed{Lsn(9)});
  EXPECT_TRUE(driver_->All<Trace>().empty());
  driver_->Do(LogTruncated{Lsn(5), 4});
  EXPECT_EQ(driver_->core().Describe().flush, Lsn(5));
}

// A flush with nothing to do is not reported, so waiting for it would never end.
TEST_F(ReplicaCoreTest, FlushesByTheClockAgainAfterACut) {
  options_.durability = {Sync::kInterval, Millis(5)};
  Follow();
  Receive(1, 9);
  driver_->Do(LogWritten{Lsn(9)});
  driver_->Do(FollowRequest{NodeId("r2"), Epoch(2)});
  driver_->Do(StreamOpened{kSecond});
  const EpochHistory other({{Epoch(1), Lsn(1)}, {Epoch(2), Lsn(6)}});
  Tell(kSecond, Welcome{Epoch(2), other, Lsn(5), Lsn(5), {}});
  driver_->Do(LogTruncated{Lsn(5), 4});
  driver_->Wait(Millis(5));
  EXPECT_TRUE(driver_->All<FlushLog>().empty());
  Tell(kSecond, Append{Epoch(2), Lsn(0), Instant(), MakeBatch(2, 6, 7)});
  driver_->Do(LogWritten{Lsn(7)});
  driver_->Wait(Millis(5));
  EXPECT_EQ(driver_->All<FlushLog>().size(), 1u);
}

// --- epochs ---

TEST_F(ReplicaCoreTest, AStalePrimaryIsRefusedWithTheEpochItLacks) {
  Start();
  driver_->Do(PeerAsked{NodeId("p"), Announcement{Epoch(3)}});
  driver_->Do(StreamOpened{kSecond});
  Tell(kSecond, Welcome{Epoch(2), {}, Lsn(0), Lsn(0), {}});
  EXPECT_EQ(driver_->Sent<Refusal>(kSecond).at(0).epoch, Epoch(3));
  EXPECT_TRUE(HungUp());
}

TEST_F(ReplicaCoreTest, FollowsAHigherEpochTellsTheOldPrimaryAndIgnoresALowerOne) {
  Follow();
  driver_->Do(FollowRequest{NodeId("r2"), Epoch(2)});
  EXPECT_EQ(driver_->Sent<Refusal>(kFirst).at(0).epoch, Epoch(2));
  EXPECT_TRUE(HungUp());
  EXPECT_EQ(driver_->All<Dial>().at(0).primary, NodeId("r2"));
  EXPECT_EQ(driver_->All<SaveEpoch>().at(0).epoch, Epoch(2));
  driver_->Do(PeerAsked{NodeId("p"), Announcement{Epoch(1)}});
  EXPECT_FALSE(Dialled());
}

TEST_F(ReplicaCoreTest, HandsOverOnlyToAHigherEpoch) {
  Follow();
  Receive(1, 2);
  driver_->Do(LogWritten{Lsn(2)}, LogFlushed{Lsn(2)}, Applied{Lsn(2)});
  EXPECT_FALSE(BeginPromotion(Epoch(1)).ok());
  ASSERT_TRUE(BeginPromotion(Epoch(2)).ok());
  EXPECT_EQ(driver_->Sent<Refusal>(kFirst).at(0).epoch, Epoch(2));
  EXPECT_TRUE(HungUp());
  EXPECT_EQ(HandOver().last, Lsn(2));
}

// --- promotion ---

TEST_F(ReplicaCoreTest, APromotionFlushesWhatWasReceivedFirst) {
  Follow();
  Receive(1, 3);
  driver_->Do(LogWritten{Lsn(3)}, Applied{Lsn(3)});
  ASSERT_TRUE(BeginPromotion(Epoch(2)).ok());
  EXPECT_EQ(driver_->All<FlushLog>().size(), 1u);
  EXPECT_EQ(driver_->core().role_change(), Core::RoleChange::kWaits);
  driver_->Do(LogFlushed{Lsn(3)});
  EXPECT_EQ(driver_->core().role_change(), Core::RoleChange::kReady);
  EXPECT_EQ(HandOver().flushed, Lsn(3));
}

// A stream that an earlier core of the process dialled may still end.
TEST_F(ReplicaCoreTest, StreamsAreNumberedAfterThoseOfEarlierCores) {
  options_.primary = NodeId("p");
  CoreStart start{NodeId("r1"), Epoch(0), {}, Lsn(0), Lsn(0), Lsn(0)};
  start.next_stream = StreamId(7);
  driver_.emplace(std::make_unique<ReplicaCore>(options_, start, AtMs(1000)));
  ASSERT_EQ(driver_->All<Dial>().size(), 1u);
  EXPECT_EQ(driver_->All<Dial>()[0].stream, StreamId(7));
  ASSERT_TRUE(BeginPromotion(Epoch(2)).ok());
  EXPECT_EQ(HandOver().next_stream, StreamId(8));
}

TEST_F(ReplicaCoreTest, APromotionDrainsAtTheSpeedAtWhichTheReplicaApplies) {
  options_.apply_delay = Millis(10);
  Follow();
  Receive(1, 3);
  driver_->Do(LogWritten{Lsn(3)}, LogFlushed{Lsn(3)});
  ASSERT_TRUE(BeginPromotion(Epoch(2)).ok());
  for (uint64_t lsn = 1; lsn <= 3; ++lsn) {
    EXPECT_EQ(driver_->core().role_change(), Core::RoleChange::kWaits);
    driver_->Wait(Millis(10));
    driver_->Do(Applied{Lsn(lsn)});
  }
  EXPECT_EQ(driver_->core().role_change(), Core::RoleChange::kReady);
}

TEST_F(ReplicaCoreTest, WithoutDrainAPromotionLeavesTheBacklogToThePrimary) {
  options_.apply_delay = Millis(10);
  options_.failover.drain = Drain::kNone;
  Follow();
  Receive(1, 3);
  driver_->Do(LogWritten{Lsn(3)}, LogFlushed{Lsn(3)});
  ASSERT_TRUE(BeginPromotion(Epoch(2)).ok());
  EXPECT_EQ(HandOver().applied, Lsn(0));
}

TEST_F(ReplicaCoreTest, APromotionTakesAtLeastItsTime) {
  options_.failover.promotion_time = Millis(150);
  Follow();
  ASSERT_TRUE(BeginPromotion(Epoch(2)).ok());
  EXPECT_EQ(driver_->core().NextTimer(), driver_->now() + Millis(150));
  driver_->Wait(Millis(149));
  EXPECT_EQ(driver_->core().role_change(), Core::RoleChange::kWaits);
  driver_->Wait(Millis(1));
  EXPECT_EQ(driver_->core().role_change(), Core::RoleChange::kReady);
}

TEST_F(ReplicaCoreTest, OneThatIsBeingPromotedGivesWayToAHigherEpochOnly) {
  options_.failover.promotion_time = Millis(150);
  Follow();
  ASSERT_TRUE(BeginPromotion(Epoch(5)).ok());
  EXPECT_FALSE(BeginPromotion(Epoch(6)).ok());
  driver_->Do(FollowRequest{NodeId("r2"), Epoch(4)});
  EXPECT_FALSE(Dialled());
  EXPECT_EQ(driver_->core().role_change(), Core::RoleChange::kWaits);
  driver_->Do(FollowRequest{NodeId("r2"), Epoch(6)});
  EXPECT_TRUE(Dialled());
  EXPECT_EQ(driver_->core().role_change(), Core::RoleChange::kNone);
}

// With take_over own-record, entries not announced as committed stay hidden after a promotion.
TEST_F(ReplicaCoreTest, BeforeAnOwnRecordAPromotionAppliesNoMoreThanIsCommitted) {
  options_.apply_when = ReplicaApply::kOnCommit;
  options_.failover.take_over = TakeOver::kOwnRecord;
  Follow();
  Tell(kFirst, Append{Epoch(1), Lsn(2), Instant(), MakeBatch(1, 1, 3)});
  driver_->Do(LogWritten{Lsn(3)}, LogFlushed{Lsn(3)}, Applied{Lsn(2)});
  ASSERT_TRUE(BeginPromotion(Epoch(2)).ok());
  const CoreStart start = HandOver();
  EXPECT_EQ(start.applied, Lsn(2));
  EXPECT_EQ(start.committed, Lsn(2));
}

// --- apply ---

TEST_F(ReplicaCoreTest, OnReceiveAppliesBeforeTheLogHasIt) {
  Follow();
  Receive(1, 3);
  EXPECT_EQ(AskedToApply(), Lsn(3));
}

TEST_F(ReplicaCoreTest, OnFlushAppliesWhatIsOnTheDisk) {
  options_.apply_when = ReplicaApply::kOnFlush;
  Follow();
  Receive(1, 3);
  driver_->Do(LogWritten{Lsn(3)});
  EXPECT_EQ(AskedToApply(), Lsn(0));
  driver_->Do(LogFlushed{Lsn(2)});
  EXPECT_EQ(AskedToApply(), Lsn(2));
}

TEST_F(ReplicaCoreTest, OnCommitAppliesWhatThePrimaryAnnounced) {
  options_.apply_when = ReplicaApply::kOnCommit;
  Follow();
  Receive(1, 3, /*commit=*/1);
  EXPECT_EQ(AskedToApply(), Lsn(1));
  Tell(kFirst, Append{Epoch(1), Lsn(3), Instant(), nullptr});
  EXPECT_EQ(AskedToApply(), Lsn(3));
}

// The commit position of an earlier primary refers to that primary's own records.
TEST_F(ReplicaCoreTest, OnCommitForgetsWhatAnEarlierPrimaryAnnouncedBeyondOurLog) {
  options_.apply_when = ReplicaApply::kOnCommit;
  Follow();
  Receive(1, 2, /*commit=*/9);
  driver_->Do(LogWritten{Lsn(2)}, LogFlushed{Lsn(2)}, Applied{Lsn(2)});
  driver_->Do(FollowRequest{NodeId("r2"), Epoch(2)});
  driver_->Do(StreamOpened{kSecond});
  const EpochHistory history({{Epoch(1), Lsn(1)}, {Epoch(2), Lsn(3)}});
  Tell(kSecond, Welcome{Epoch(2), history, Lsn(2), Lsn(2), {}});
  Tell(kSecond, Append{Epoch(2), Lsn(2), Instant(), MakeBatch(2, 3, 4)});
  EXPECT_EQ(AskedToApply(), Lsn(0));
}

TEST_F(ReplicaCoreTest, ASlowReplicaAppliesOneEntryPerDelay) {
  options_.apply_delay = Millis(2);
  Follow();
  Receive(1, 3);
  EXPECT_EQ(AskedToApply(), Lsn(0));
  for (uint64_t lsn = 1; lsn <= 3; ++lsn) {
    EXPECT_EQ(driver_->core().NextTimer(), driver_->now() + Millis(2));
    driver_->Wait(Millis(2));
    EXPECT_EQ(AskedToApply(), Lsn(lsn));
  }
  Receive(4, 6);
  driver_->Wait(Millis(5));  // woken late: what was due meanwhile
  EXPECT_EQ(AskedToApply(), Lsn(5));
  driver_->Do(ApplyDelayChanged{Nanos(0)});
  EXPECT_EQ(AskedToApply(), Lsn(6));
}

// --- clients ---

TEST_F(ReplicaCoreTest, TakesNoWritesAndNoReadsMeantForThePrimary) {
  Follow();
  driver_->Do(WriteRequest{RequestId(1), Epoch(0), ""},
              ReadRequest{RequestId(2), "k", ReadConsistency::kPrimary, {}});
  EXPECT_EQ(driver_->All<AnswerWrite>().at(0).outcome, WriteOutcome::kRejected);
  EXPECT_EQ(driver_->All<AnswerWrite>().at(0).why, Refused::kNotPrimary);
  EXPECT_EQ(driver_->All<AnswerRead>().at(0).why, Refused::kNotPrimary);
}

TEST_F(ReplicaCoreTest, AStoppedLogStopsTheNode) {
  Follow();
  driver_->Do(ReadRequest{RequestId(1), "k", ReadConsistency::kAtPosition, {Epoch(1), Lsn(5)}});
  driver_->Do(LogFailed{"input/output error"});
  EXPECT_TRUE(HungUp());
  EXPECT_EQ(driver_->All<AnswerRead>().at(0).why, Refused::kNodeStopped);
  EXPECT_EQ(driver_->core().NextTimer(), kNever);
  driver_->Do(ReadRequest{RequestId(2), "k", ReadConsistency::kAtPosition, {Epoch(1), Lsn(5)}});
  EXPECT_EQ(driver_->All<AnswerRead>().at(0).why, Refused::kNodeStopped);
}

}  // namespace
}  // namespace replsim::replica_core_test
