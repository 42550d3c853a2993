#include "simulator/analysis/writes/applied_twice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/analysis/writes/fates.h"
#include "tests/unit/fake_recording.h"

namespace replsim::applied_twice_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class AppliedTwiceTest : public testing::Test {
 protected:
  // One more entry of the write, by this attempt.
  void Log(uint64_t lsn, uint8_t attempt) {
    fake_.Log(write_, 1, lsn);
    fake_.node("p").log->back().attempt = attempt;
  }
  AppliedTwice Find() const {
    const Recording recording = fake_.Done();
    return FindAppliedTwice(FinalLog(recording));
  }
  FakeRecording fake_{{"p"}};
  Operation write_ = fake_.Write(3, 7, 1000, 1001, proto::COMMITTED, 1, 1);
};

TEST_F(AppliedTwiceTest, OnceIsOnce) {
  Log(1, 2);
  EXPECT_EQ(Find().operations, 0u);
  EXPECT_EQ(Find().logged_again, 0u);
}

TEST_F(AppliedTwiceTest, TwoRequestsOfOneWriteAreTwice) {
  Log(1, 0);
  Log(2, 1);
  Log(3, 2);
  EXPECT_EQ(Find().operations, 1u);
  EXPECT_EQ(Find().first, "client 3, request 1: 1:1 and 1:2");
}

TEST_F(AppliedTwiceTest, AnOlderAttemptBehindANewerOneTookNoEffect) {
  Log(1, 1);
  Log(2, 0);
  EXPECT_EQ(Find().operations, 0u);
}

TEST_F(AppliedTwiceTest, TheSameRequestTwiceIsABreach) {
  Log(1, 0);
  Log(2, 0);
  EXPECT_EQ(Find().operations, 0u);
  EXPECT_EQ(Find().logged_again, 1u);
  const Recording recording = fake_.Done();
  const Fates fates = DecideFates(recording, FinalLog(recording));
  EXPECT_THAT(fates.breaches, ElementsAre(HasSubstr("requests that the final log holds twice: 1")));
}

TEST(TicketFates, ALostTicketIsJudgedByTheFinalLog) {
  FakeRecording fake({"p"});
  const auto lost = static_cast<proto::Outcome>(proto::LOST);
  fake.Write(1, 7, 1000, 1001, lost);
  const Operation there = fake.Write(1, 7, 1002, 1003, lost);
  fake.Log(there, 1, 1);
  Recording recording = fake.Done();
  for (Operation& operation : recording.operations) {
    operation.ticket_ns = operation.invoked_ns;
    operation.attempts = 1;
    operation.requests = 3;
  }
  const Fates fates = DecideFates(recording, FinalLog(recording));
  EXPECT_THAT(fates.of, ElementsAre(Fate::kToldLostGone, Fate::kToldLostSurvived));
  EXPECT_EQ(fates.writes.told_lost(), 2u);
  EXPECT_EQ(fates.writes.told_lost_survived(), 1u);
  EXPECT_EQ(fates.writes.answered_never_done(), 1u);
  EXPECT_EQ(fates.writes.tickets(), 2u);
  EXPECT_EQ(fates.writes.unknown(), 0u);
  EXPECT_FALSE(fates.writes.has_requests_per_write()) << "of no committed write";
}

}  // namespace
}  // namespace replsim::applied_twice_test
