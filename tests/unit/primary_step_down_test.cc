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

}  // namespace
}  // namespace replsim::primary_step_down_test
