#include "common/feed/follower_progress.h"

#include <gtest/gtest.h>

#include "tests/unit/record_batches.h"

namespace replsim::follower_progress_test {
namespace {

Ack Reported(uint64_t receive, uint64_t write, uint64_t flush = 0, uint64_t apply = 0) {
  return {Epoch(1), Lsn(receive), Lsn(write), Lsn(flush), Lsn(apply)};
}

class FollowerProgressTest : public testing::Test {
 protected:
  void Send(uint64_t first, uint64_t last) {
    progress_.Sent(*MakeBatch(1, first, last), Instant());
  }
  FollowerProgress progress_;
};

TEST_F(FollowerProgressTest, WithoutAStreamThereIsNoWindow) {
  EXPECT_FALSE(progress_.WindowOpen({}));
  EXPECT_FALSE(progress_.Acked(Reported(0, 0), Instant()));
}

TEST_F(FollowerProgressTest, TheWindowInRecordsOpensAgainWithWhatIsReportedWritten) {
  progress_.Connect(StreamId(1), Lsn(0), false, Lsn(0), Instant());
  Send(1, 4);
  EXPECT_TRUE(progress_.WindowOpen({1 << 20, 5}));
  Send(5, 5);
  EXPECT_FALSE(progress_.WindowOpen({1 << 20, 5}));
  EXPECT_TRUE(progress_.Acked(Reported(5, 0), Instant()));  // received is not written
  EXPECT_FALSE(progress_.WindowOpen({1 << 20, 5}));
  EXPECT_TRUE(progress_.Acked(Reported(5, 2), Instant()));
  EXPECT_TRUE(progress_.WindowOpen({1 << 20, 5}));
}

TEST_F(FollowerProgressTest, TheWindowInBytesCountsWholeBatches) {
  progress_.Connect(StreamId(1), Lsn(0), false, Lsn(0), Instant());
  Send(1, 4);
  const uint64_t bytes = MakeBatch(1, 1, 4)->bytes.size();
  EXPECT_FALSE(progress_.WindowOpen({bytes, 100}));
  EXPECT_TRUE(progress_.WindowOpen({bytes + 1, 100}));
  EXPECT_TRUE(progress_.Acked(Reported(4, 4), Instant()));
  EXPECT_TRUE(progress_.WindowOpen({1, 100}));
}

TEST_F(FollowerProgressTest, WhatWasNeverSentIsNotBelieved) {
  progress_.Connect(StreamId(1), Lsn(3), false, Lsn(0), Instant());
  Send(4, 5);
  EXPECT_FALSE(progress_.Acked(Reported(6, 5), Instant()));
  EXPECT_FALSE(progress_.Acked(Reported(4, 5), Instant()));
  EXPECT_FALSE(progress_.Acked(Reported(5, 4, 5), Instant()));
  EXPECT_FALSE(progress_.Acked(Reported(4, 4, 4, 5), Instant()));
  EXPECT_TRUE(progress_.Acked(Reported(5, 5, 5, 5), Instant()));
}

TEST_F(FollowerProgressTest, EachStageIsReportedForItself) {
  progress_.Connect(StreamId(1), Lsn(0), false, Lsn(0), Instant());
  Send(1, 9);
  ASSERT_TRUE(progress_.Acked(Reported(9, 8, 7, 6), Instant()));
  EXPECT_EQ(progress_.At(Stage::kReplicaReceive), Lsn(9));
  EXPECT_EQ(progress_.At(Stage::kReplicaWrite), Lsn(8));
  EXPECT_EQ(progress_.At(Stage::kReplicaFlush), Lsn(7));
  EXPECT_EQ(progress_.At(Stage::kReplicaApply), Lsn(6));
}

TEST_F(FollowerProgressTest, WhatWasReportedStaysWhenTheStreamGoesAndIsAskedAnewOnTheNext) {
  progress_.Connect(StreamId(1), Lsn(0), false, Lsn(0), Instant());
  Send(1, 9);
  ASSERT_TRUE(progress_.Acked(Reported(9, 9), Instant()));
  progress_.Disconnect();
  EXPECT_EQ(progress_.At(Stage::kReplicaReceive), Lsn(9));
  progress_.Connect(StreamId(2), Lsn(4), false, Lsn(0), Instant());
  EXPECT_EQ(progress_.At(Stage::kReplicaReceive), Lsn(0));
}

TEST(FlightLimit, FollowsHowLongTheLinkTakesBeyondTheRoundTrip) {
  const Instant now = FromNanos(1'000'000'000);
  FlightLimit limit(Millis(1000));
  EXPECT_EQ(limit.bytes(), FlightLimit::kFirst);
  limit.Connected(now);
  limit.Heard(now + Millis(400));
  limit.Acked(Millis(500));
  EXPECT_EQ(limit.bytes(), 2 * FlightLimit::kFirst) << "far is not slow";
  limit.Acked(Millis(700));  // twice as much could take longer than half the patience
  EXPECT_EQ(limit.bytes(), 2 * FlightLimit::kFirst);
  limit.Acked(Millis(1000));
  EXPECT_EQ(limit.bytes(), FlightLimit::kFirst);
  for (int i = 0; i < 20; ++i) limit.Halve();
  EXPECT_EQ(limit.bytes(), FlightLimit::kLeast);
  for (int i = 0; i < 20; ++i) limit.Acked(Millis(401));
  EXPECT_EQ(limit.bytes(), FlightLimit::kMost);
}

TEST_F(FollowerProgressTest, NoMoreIsOnItsWayThanTheLinkTakesInTime) {
  progress_.Connect(StreamId(1), Lsn(0), false, Lsn(0), Instant());
  Lsn last(0);
  uint64_t bytes = 0;
  while (progress_.WindowOpen({})) {
    const BatchPtr batch = MakeBatch(1, last.value() + 1, last.value() + 100);
    progress_.Sent(*batch, Instant());
    last = batch->last;
    bytes += batch->bytes.size();
  }
  EXPECT_GE(bytes, FlightLimit::kFirst);
  EXPECT_LT(bytes, 2 * FlightLimit::kFirst);
}

TEST_F(FollowerProgressTest, AStreamThatEndsWithSomethingOnItsWayIsReadForLessNextTime) {
  EXPECT_EQ(progress_.flight_limit().bytes(), FlightLimit::kFirst);
  progress_.Disconnect();
  EXPECT_EQ(progress_.flight_limit().bytes(), FlightLimit::kFirst) << "nothing was on its way";
  progress_.Connect(StreamId(1), Lsn(0), false, Lsn(0), Instant());
  Send(1, 4);
  progress_.Disconnect();
  EXPECT_EQ(progress_.flight_limit().bytes(), FlightLimit::kFirst / 2);
}

}  // namespace
}  // namespace replsim::follower_progress_test
