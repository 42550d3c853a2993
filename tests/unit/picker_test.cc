// A witness that picks the primary, by hand: whom it polls, whom it picks and when it gives up.
#include "common/election/picker.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tests/unit/core_driver.h"

namespace replsim::picker_test {
namespace {

using Action = Picker::Action;

Position At(uint64_t epoch, uint64_t lsn) { return {Epoch(epoch), Lsn(lsn)}; }

// p, r1, r2 and r3 may lead. The picker was elected for epoch 2, and p is suspected.
class PickerTest : public testing::Test {
 protected:
  PickerTest() {
    options_.candidates = {NodeId("p"), NodeId("r1"), NodeId("r2"), NodeId("r3")};
    options_.patience = Millis(20);
    options_.limit = Millis(100);
  }
  void Begin() {
    picker_.emplace(options_);
    picker_->Begin(Epoch(2), NodeId("p"), AtMs(0));
    EXPECT_EQ(picker_->Next(AtMs(0)), Action::kPoll);
    EXPECT_EQ(picker_->Next(AtMs(0)), Action::kNothing);
  }
  void Reports(const char* node, Position end, bool able = true, uint64_t epoch = 2) {
    picker_->HandleAnswer(NodeId(node), {{Epoch(epoch), /*lead=*/false}, able, Epoch(1), end});
  }
  void AnswersToLead(const char* node, bool accepts) {
    picker_->HandleAnswer(NodeId(node), {{Epoch(2), /*lead=*/true}, accepts, Epoch(2), {}});
  }
  // The node that it appoints now; empty: none.
  std::string Appoints(int64_t ms) {
    return picker_->Next(AtMs(ms)) == Action::kAppoint ? picker_->picked().name() : "";
  }

  PickerOptions options_;
  std::optional<Picker> picker_;
};

TEST_F(PickerTest, PicksTheLongestLogWhenAllButTheSuspectedNodeHaveAnswered) {
  Begin();
  Reports("r1", At(1, 7));
  Reports("r2", At(1, 9));
  EXPECT_EQ(Appoints(1), "");
  Reports("r3", At(1, 8));
  EXPECT_EQ(Appoints(1), "r2");
  EXPECT_EQ(picker_->Next(AtMs(1)), Action::kNothing);
}

TEST_F(PickerTest, ALaterEpochIsALongerLog) {
  Begin();
  Reports("r1", At(2, 3));
  Reports("r2", At(1, 9));
  Reports("r3", At(1, 9));
  EXPECT_EQ(Appoints(1), "r1");
}

TEST_F(PickerTest, OfEqualLogsTheLowestIdLeads) {
  Begin();
  Reports("r3", At(1, 9));
  Reports("r2", At(1, 9));
  Reports("r1", At(1, 8));
  EXPECT_EQ(Appoints(1), "r2");
}

TEST_F(PickerTest, PriorityComesBeforeTheLog) {
  options_.priority = {NodeId("r3"), NodeId("r1")};
  Begin();
  Reports("r1", At(1, 8));
  Reports("r2", At(1, 9));
  Reports("r3", At(1, 1), /*able=*/false);
  EXPECT_EQ(Appoints(1), "r1");
}

TEST_F(PickerTest, WithGrantRuleAnyItDoesNotCompareLogs) {
  options_.compares_logs = false;
  Begin();
  Reports("r1", At(1, 7));
  Reports("r2", At(1, 9));
  Reports("r3", At(1, 9));
  EXPECT_EQ(Appoints(1), "r1");
}

TEST_F(PickerTest, PicksOfThoseThatAnswerInTime) {
  Begin();
  Reports("r1", At(1, 7));
  Reports("r2", At(1, 9), /*able=*/true, /*epoch=*/3);  // of another poll
  EXPECT_EQ(picker_->NextTimer(), AtMs(20));
  EXPECT_EQ(Appoints(19), "");
  EXPECT_EQ(Appoints(20), "r1");
}

TEST_F(PickerTest, PollsAgainWhileNoneCouldLeadAndThenGivesUp) {
  Begin();
  Reports("r1", At(1, 7), /*able=*/false);
  EXPECT_EQ(picker_->Next(AtMs(20)), Action::kPoll);
  EXPECT_EQ(picker_->Next(AtMs(40)), Action::kPoll);
  EXPECT_EQ(picker_->Next(AtMs(100)), Action::kGiveUp);
  EXPECT_FALSE(picker_->picks());
  EXPECT_EQ(picker_->Next(AtMs(200)), Action::kNothing);
  EXPECT_EQ(picker_->NextTimer(), kNever);
}

// A node that does not answer may lead the epoch already, so no other one is appointed.
TEST_F(PickerTest, TellsOneNodeOnlyUntilItAnswersOrTheLimit) {
  Begin();
  for (const char* node : {"r1", "r2", "r3"}) Reports(node, At(1, 7));
  EXPECT_EQ(Appoints(5), "r1");
  Reports("r2", At(1, 9));
  EXPECT_EQ(Appoints(24), "");
  EXPECT_EQ(Appoints(25), "r1");
  AnswersToLead("r2", true);  // it was not told
  EXPECT_EQ(Appoints(45), "r1");
  EXPECT_EQ(picker_->Next(AtMs(105)), Action::kGiveUp);
}

TEST_F(PickerTest, IsDoneWhenThePickedNodeHasPersistedThatItLeads) {
  Begin();
  for (const char* node : {"r1", "r2", "r3"}) Reports(node, At(1, 7));
  EXPECT_EQ(Appoints(5), "r1");
  AnswersToLead("r1", true);
  EXPECT_EQ(picker_->Next(AtMs(6)), Action::kDone);
  EXPECT_FALSE(picker_->picks());
}

TEST_F(PickerTest, GivesUpWhenThePickedNodeRefuses) {
  Begin();
  for (const char* node : {"r1", "r2", "r3"}) Reports(node, At(1, 7));
  EXPECT_EQ(Appoints(5), "r1");
  AnswersToLead("r1", false);
  EXPECT_EQ(picker_->Next(AtMs(6)), Action::kGiveUp);
}

}  // namespace
}  // namespace replsim::picker_test
