// Knobs that make a preset behave as its system does: when the primary sends, row locks, and the
// record with which an epoch begins.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/primary_core_fixture.h"
#include "tests/unit/record_batches.h"

namespace replsim::primary_modes_test {
namespace {

class PrimaryModesTest : public PrimaryCoreTest {
 protected:
  Lsn SentTo(int i) const {
    const auto sent = driver_->Sent<Append>(StreamOf(i));
    return sent.empty() || sent.back().batch == nullptr ? Lsn(0) : sent.back().batch->last;
  }
  void WriteKey(uint64_t id, const std::string& key) {
    WriteRequest write = Request(id);
    EncodeCommand({id, 1, CommandKind::kPut, key, "value"}, &write.command);
    driver_->Do(std::move(write));
  }
  Lsn Logged() const {
    const auto appends = driver_->All<AppendLog>();
    return appends.empty() ? Lsn(0) : appends.back().batch->last;
  }
};

// --- send_after ---

TEST_F(PrimaryModesTest, SendAfterAppendDoesNotWaitForTheKernel) {
  options_.knobs.send_after = Stage::kAppend;
  Start();
  Write(1);
  EXPECT_EQ(SentTo(1), Lsn(1));
}

TEST_F(PrimaryModesTest, SendAfterWriteWaitsForTheKernel) {
  Start();
  Write(1);
  EXPECT_EQ(SentTo(1), Lsn(0));
  driver_->Do(LogWritten{Lsn(1)});
  EXPECT_EQ(SentTo(1), Lsn(1));
}

TEST_F(PrimaryModesTest, SendAfterFlushWaitsForTheDisk) {
  options_.knobs.send_after = Stage::kFlush;
  Start();
  Write(1);
  driver_->Do(LogWritten{Lsn(1)});
  EXPECT_EQ(SentTo(1), Lsn(0));
  Write(2);
  driver_->Do(LogWritten{Lsn(2)}, LogFlushed{Lsn(1)});
  EXPECT_EQ(SentTo(1), Lsn(1));
  driver_->Do(LogFlushed{Lsn(2)});
  EXPECT_EQ(SentTo(2), Lsn(2));
}

// Records that are read back from the log for a lagging replica may extend beyond the flushed
// position.
TEST_F(PrimaryModesTest, WhatIsReadFromTheLogIsSentNoFurtherThanItMayBe) {
  options_.knobs.send_after = Stage::kFlush;
  options_.replicas = options_.members = {NodeId("r1")};
  CoreStart start;
  start.id = NodeId("p");
  start.epoch = Epoch(1);
  start.history = EpochHistory({{Epoch(1), Lsn(1)}});
  start.last = start.applied = Lsn(5);
  start.flushed = Lsn(3);
  driver_.emplace(std::make_unique<PrimaryCore>(options_, start, Epoch(2), AtMs(1000)));
  Tell(kR1, Hello{NodeId("r1"), Epoch(1), {}, Lsn(0)});
  EXPECT_EQ(driver_->All<ReadRecords>().at(0).from, Lsn(1));
  driver_->Do(RecordsRead{kR1, MakeBatch(1, 1, 5)});
  EXPECT_EQ(SentTo(1), Lsn(3));
}

// --- serialize_keys ---

TEST_F(PrimaryModesTest, AWriteOfAKeyWaitsUntilTheOneBeforeIsVisible) {
  options_.knobs.serialize_keys = true;
  options_.knobs.ack_after = options_.knobs.visible_after = Stage::kReplicaFlush;
  Start(1);
  WriteKey(1, "a");
  EXPECT_EQ(Logged(), Lsn(1));
  WriteKey(2, "a");
  EXPECT_EQ(Logged(), Lsn(0)) << "it has no place in the log yet";
  WriteKey(3, "b");
  EXPECT_EQ(Logged(), Lsn(2)) << "another key does not wait";
  driver_->Do(LogWritten{Lsn(2)}, LogFlushed{Lsn(2)});
  AckFrom(1, 1, 1, 1, 0);
  EXPECT_EQ(Answers().at(0).id, RequestId(1));
  EXPECT_EQ(Logged(), Lsn(3)) << "the second write of the key is logged in the same turn";
}

TEST_F(PrimaryModesTest, WithoutAGateToWaitForAllWritesOfAKeyAreLoggedAtOnce) {
  options_.knobs.serialize_keys = true;
  options_.knobs.ack_after = options_.knobs.visible_after = Stage::kAppend;
  Start(1);
  driver_->Do(Request(1), Request(2), Request(3));
  EXPECT_EQ(Logged(), Lsn(3));
  EXPECT_EQ(Answers().size(), 3u);
}

TEST_F(PrimaryModesTest, AWriteThatWaitsForItsKeyIsRejectedWhenThePrimaryIsFenced) {
  options_.knobs.serialize_keys = true;
  options_.knobs.ack_after = options_.knobs.visible_after = Stage::kReplicaFlush;
  Start(1);
  WriteKey(1, "a");
  WriteKey(2, "a");
  driver_->Do(PeerAsked{NodeId("r1"), Announcement{Epoch(9)}});
  ASSERT_EQ(Answers().size(), 2u);
  for (const AnswerWrite& answer : Answers()) {
    const bool logged = answer.id == RequestId(1);
    EXPECT_EQ(answer.outcome, logged ? WriteOutcome::kUnknown : WriteOutcome::kRejected);
  }
}

TEST_F(PrimaryModesTest, ARequestThatComesAgainWhileItWaitsForItsKeyIsLoggedOnce) {
  options_.knobs.serialize_keys = true;
  options_.knobs.ack_after = options_.knobs.visible_after = Stage::kReplicaFlush;
  Start(1);
  WriteKey(1, "a");
  WriteKey(2, "a");
  WriteKey(2, "a");
  Logged();
  driver_->Do(LogWritten{Lsn(1)}, LogFlushed{Lsn(1)});
  AckFrom(1, 1, 1, 1, 0);
  EXPECT_EQ(Logged(), Lsn(2));
  driver_->Do(LogWritten{Lsn(2)}, LogFlushed{Lsn(2)});
  AckFrom(1, 2, 2, 2, 0);
  EXPECT_EQ(Answers().size(), 2u) << "both requests are answered";
  EXPECT_EQ(Logged(), Lsn(0));
}

// --- take_over ---

class OwnRecordTest : public PrimaryModesTest {
 protected:
  // Was promoted with five inherited records, of which two were announced as committed.
  void Inherit(TakeOver take_over) {
    options_.take_over = take_over;
    options_.knobs.ack_after = options_.knobs.visible_after = Stage::kReplicaFlush;
    options_.knobs.sync_set = {SyncSet::Kind::kMajority, 1, {}};
    options_.replicas = options_.members = {NodeId("r1"), NodeId("r2")};
    options_.heartbeat_interval = options_.heartbeat_timeout = Millis(3'600'000);
    CoreStart start;
    start.id = NodeId("p");
    start.epoch = Epoch(1);
    start.history = EpochHistory({{Epoch(1), Lsn(1)}});
    start.last = start.flushed = Lsn(5);
    start.applied = start.committed = Lsn(2);
    driver_.emplace(std::make_unique<PrimaryCore>(options_, start, Epoch(2), AtMs(1000)));
  }
  void Follow() {
    for (int i = 1; i <= 2; ++i) {
      Tell(StreamOf(i), Hello{NodeId("r" + std::to_string(i)), Epoch(1),
                              EpochHistory({{Epoch(1), Lsn(1)}}), Lsn(5)});
    }
  }
  void AckAll(uint64_t lsn) {
    for (int i = 1; i <= 2; ++i) AckFrom(i, lsn, lsn, lsn, 0);
  }
  bool ReadIsAnswered() {
    driver_->Do(ReadRequest{RequestId(77), "k", ReadConsistency::kPrimary, {}});
    return !driver_->All<AnswerRead>().empty();
  }
};

TEST_F(OwnRecordTest, InheritedRecordsAreCommittedBehindARecordOfTheNewEpoch) {
  Inherit(TakeOver::kOwnRecord);
  Follow();
  EXPECT_EQ(driver_->core().Describe().append.lsn, Lsn(6)) << "an empty record";
  AckAll(5);  // a majority holds all that was inherited
  EXPECT_EQ(driver_->core().Describe().commit, Lsn(2));
  driver_->Do(TicketRequest{RequestId(9), Epoch(0), {Epoch(1), Lsn(5)}, false});
  EXPECT_EQ(Answers().at(0).outcome, WriteOutcome::kPending);
  driver_->Do(LogWritten{Lsn(6)}, LogFlushed{Lsn(6)});
  AckAll(6);
  EXPECT_EQ(driver_->core().Describe().commit, Lsn(6));
  driver_->Do(TicketRequest{RequestId(10), Epoch(0), {Epoch(1), Lsn(5)}, false});
  EXPECT_EQ(Answers().at(0).outcome, WriteOutcome::kCommitted);
}

TEST_F(OwnRecordTest, NothingInheritedIsReadBeforeIt) {
  Inherit(TakeOver::kOwnRecord);
  Follow();
  EXPECT_FALSE(ReadIsAnswered());
  driver_->Do(LogWritten{Lsn(6)}, LogFlushed{Lsn(6)});
  AckFrom(1, 6, 6, 6, 0);  // with the primary, a majority of three
  EXPECT_EQ(driver_->All<ApplyRecords>().back().last, Lsn(6));
  driver_->Do(Applied{Lsn(6)});
  EXPECT_EQ(driver_->All<AnswerRead>().size(), 1u) << "the one that waited";
  EXPECT_TRUE(ReadIsAnswered());
}

TEST_F(OwnRecordTest, AtOnceTakesOverWhatItInheritsWithoutARecord) {
  Inherit(TakeOver::kAtOnce);
  EXPECT_EQ(driver_->core().Describe().append.lsn, Lsn(5));
  EXPECT_EQ(driver_->core().Describe().commit, Lsn(5));
  driver_->Do(Applied{Lsn(5)});
  EXPECT_TRUE(ReadIsAnswered());
}

TEST_F(OwnRecordTest, APrimaryThatInheritsNothingNeedsNone) {
  options_.take_over = TakeOver::kOwnRecord;
  Start();
  Write(1);
  EXPECT_EQ(Logged(), Lsn(1));
}

}  // namespace
}  // namespace replsim::primary_modes_test
