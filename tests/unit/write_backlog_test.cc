#include "simulator/cluster/managed/write_backlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/manual_scheduler.h"

namespace replsim::write_backlog_test {
namespace {

using testing::ElementsAre;

class WriteBacklogTest : public testing::Test {
 protected:
  // A write that notes that it was sent, or how it was answered.
  void Add(const std::string& name, Nanos until_deadline) {
    backlog_.Add(
        scheduler_.Now() + until_deadline,
        [this, name](Instant, OperationDone) { log_.push_back("sent " + name); },
        [this, name](const OperationResult& result) {
          log_.push_back(proto::Outcome_Name(result.outcome) + " " + name);
          reason_ = result.reason;
        });
  }

  ManualScheduler scheduler_;
  WriteBacklog backlog_{&scheduler_};
  std::vector<std::string> log_;
  proto::Reason reason_ = proto::NONE;
};

TEST_F(WriteBacklogTest, WritesAreSentOldestFirstAsLongAsTheyCanGo) {
  Add("a", Millis(100));
  Add("b", Millis(100));
  Add("c", Millis(100));
  int connected = 2;
  backlog_.SendWhile([&] { return connected-- > 0; });
  EXPECT_THAT(log_, ElementsAre("sent a", "sent b"));
  EXPECT_FALSE(backlog_.empty());
  backlog_.SendWhile([] { return true; });
  EXPECT_THAT(log_, ElementsAre("sent a", "sent b", "sent c"));
  EXPECT_TRUE(backlog_.empty());
}

TEST_F(WriteBacklogTest, AWriteWhoseDeadlinePassesIsRejectedAndNeverSent) {
  Add("short", Millis(10));
  Add("long", Millis(100));
  scheduler_.RunFor(Millis(20));
  EXPECT_THAT(log_, ElementsAre("REJECTED short"));
  EXPECT_EQ(reason_, proto::UNREACHABLE);
  backlog_.SendWhile([] { return true; });
  EXPECT_THAT(log_, ElementsAre("REJECTED short", "sent long"));
}

TEST_F(WriteBacklogTest, WhatIsDroppedIsNeverAnswered) {
  Add("a", Millis(10));
  backlog_.Drop();
  scheduler_.RunFor(Millis(100));
  EXPECT_TRUE(log_.empty());
}

}  // namespace
}  // namespace replsim::write_backlog_test
