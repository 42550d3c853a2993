#include "primary/core/replica_progress.h"

#include <gtest/gtest.h>

#include "tests/unit/record_batches.h"

namespace replsim {
namespace {

Ack Reported(uint64_t receive, uint64_t write, uint64_t flush = 0, uint64_t apply = 0) {
  return {Epoch(1), Lsn(receive), Lsn(write), Lsn(flush), Lsn(apply)};
}

class ReplicaProgressTest : public testing::Test {
 protected:
  void Send(uint64_t first, uint64_t last) {
    progress_.Sent(*MakeBatch(1, first, last), Instant());
  }
  ReplicaProgress progress_;
};

TEST_F(ReplicaProgressTest, WithoutAStreamThereIsNoWindow) {
  EXPECT_FALSE(progress_.WindowOpen({}));
  EXPECT_FALSE(progress_.Acked(Reported(0, 0), Instant()));
}

TEST_F(ReplicaProgressTest, TheWindowInRecordsOpensAgainWithWhatIsReportedWritten) {
  progress_.Connect(StreamId(1), Lsn(0), false, Instant());
  Send(1, 4);
  EXPECT_TRUE(progress_.WindowOpen({1 << 20, 5}));
  Send(5, 5);
  EXPECT_FALSE(progress_.WindowOpen({1 << 20, 5}));
  EXPECT_TRUE(progress_.Acked(Reported(5, 0), Instant()));  // received is not written
  EXPECT_FALSE(progress_.WindowOpen({1 << 20, 5}));
  EXPECT_TRUE(progress_.Acked(Reported(5, 2), Instant()));
  EXPECT_TRUE(progress_.WindowOpen({1 << 20, 5}));
}

TEST_F(ReplicaProgressTest, TheWindowInBytesCountsWholeBatches) {
  progress_.Connect(StreamId(1), Lsn(0), false, Instant());
  Send(1, 4);
  const uint64_t bytes = MakeBatch(1, 1, 4)->bytes.size();
  EXPECT_FALSE(progress_.WindowOpen({bytes, 100}));
  EXPECT_TRUE(progress_.WindowOpen({bytes + 1, 100}));
  EXPECT_TRUE(progress_.Acked(Reported(4, 4), Instant()));
  EXPECT_TRUE(progress_.WindowOpen({1, 100}));
}

TEST_F(ReplicaProgressTest, WhatWasNeverSentIsNotBelieved) {
  progress_.Connect(StreamId(1), Lsn(3), false, Instant());
  Send(4, 5);
  EXPECT_FALSE(progress_.Acked(Reported(6, 5), Instant()));
  EXPECT_FALSE(progress_.Acked(Reported(4, 5), Instant()));
  EXPECT_FALSE(progress_.Acked(Reported(5, 4, 5), Instant()));
  EXPECT_FALSE(progress_.Acked(Reported(4, 4, 4, 5), Instant()));
  EXPECT_TRUE(progress_.Acked(Reported(5, 5, 5, 5), Instant()));
}

TEST_F(ReplicaProgressTest, EachStageIsReportedForItself) {
  progress_.Connect(StreamId(1), Lsn(0), false, Instant());
  Send(1, 9);
  ASSERT_TRUE(progress_.Acked(Reported(9, 8, 7, 6), Instant()));
  EXPECT_EQ(progress_.At(Stage::kReplicaReceive), Lsn(9));
  EXPECT_EQ(progress_.At(Stage::kReplicaWrite), Lsn(8));
  EXPECT_EQ(progress_.At(Stage::kReplicaFlush), Lsn(7));
  EXPECT_EQ(progress_.At(Stage::kReplicaApply), Lsn(6));
}

TEST_F(ReplicaProgressTest, WhatWasReportedStaysWhenTheStreamGoesAndIsAskedAnewOnTheNext) {
  progress_.Connect(StreamId(1), Lsn(0), false, Instant());
  Send(1, 9);
  ASSERT_TRUE(progress_.Acked(Reported(9, 9), Instant()));
  progress_.Disconnect();
  EXPECT_EQ(progress_.At(Stage::kReplicaReceive), Lsn(9));
  progress_.Connect(StreamId(2), Lsn(4), false, Instant());
  EXPECT_EQ(progress_.At(Stage::kReplicaReceive), Lsn(0));
}

TEST(ReadSize, GrowsWhereAcknowledgementsAreQuickAndHalvesWhereTheyAreNot) {
  ReadSize size(Millis(1000));
  EXPECT_EQ(size.bytes(), ReadSize::kFirst);
  size.Acked(Millis(100));
  EXPECT_EQ(size.bytes(), 2 * ReadSize::kFirst);
  size.Acked(Millis(300));  // twice as much would still come in time, twice that perhaps not
  EXPECT_EQ(size.bytes(), 2 * ReadSize::kFirst);
  size.Acked(Millis(600));
  EXPECT_EQ(size.bytes(), ReadSize::kFirst);
  for (int i = 0; i < 20; ++i) size.Halve();
  EXPECT_EQ(size.bytes(), ReadSize::kLeast);
  for (int i = 0; i < 20; ++i) size.Acked(Millis(1));
  EXPECT_EQ(size.bytes(), ReadSize::kMost);
}

TEST_F(ReplicaProgressTest, AStreamThatEndsWithSomethingOnItsWayIsReadForLessNextTime) {
  EXPECT_EQ(progress_.read_size().bytes(), ReadSize::kFirst);
  progress_.Disconnect();
  EXPECT_EQ(progress_.read_size().bytes(), ReadSize::kFirst) << "nothing was on its way";
  progress_.Connect(StreamId(1), Lsn(0), false, Instant());
  Send(1, 4);
  progress_.Disconnect();
  EXPECT_EQ(progress_.read_size().bytes(), ReadSize::kFirst / 2);
}

}  // namespace
}  // namespace replsim
