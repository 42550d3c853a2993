#include "common/protocol/read_waiters.h"

#include <gtest/gtest.h>

namespace replsim::read_waiters_test {
namespace {

ReadRequest Read(uint64_t id, uint64_t epoch, uint64_t lsn) {
  return {RequestId(id), "key", ReadConsistency::kAtPosition, {Epoch(epoch), Lsn(lsn)}};
}

class ReadWaitersTest : public testing::Test {
 protected:
  std::vector<std::pair<uint64_t, Refused>> Answers() {
    std::vector<std::pair<uint64_t, Refused>> answers;
    for (const Effect& effect : out_) {
      const auto& answer = std::get<AnswerRead>(effect);
      answers.emplace_back(answer.id.value(), answer.why);
    }
    out_.clear();
    return answers;
  }
  using Expected = std::vector<std::pair<uint64_t, Refused>>;

  ReadWaiters reads_;
  Effects out_;
  const EpochHistory history_{{{Epoch(1), Lsn(1)}, {Epoch(3), Lsn(6)}}};
};

TEST_F(ReadWaitersTest, AnswersAtOnceWhatIsApplied) {
  reads_.Add(Read(1, 1, 5), Lsn(5), history_, &out_);
  EXPECT_EQ(Answers(), (Expected{{1, Refused::kNone}}));
}

TEST_F(ReadWaitersTest, AReadWithoutAPositionNeverWaits) {
  reads_.Add(Read(1, 0, 0), Lsn(0), history_, &out_);
  EXPECT_EQ(Answers(), (Expected{{1, Refused::kNone}}));
}

TEST_F(ReadWaitersTest, WaitsUntilThePositionIsAppliedLowestFirst) {
  reads_.Add(Read(1, 3, 9), Lsn(6), history_, &out_);
  reads_.Add(Read(2, 3, 7), Lsn(6), history_, &out_);
  reads_.Advance(Lsn(6), history_, &out_);
  EXPECT_EQ(Answers(), Expected{});
  reads_.Advance(Lsn(8), history_, &out_);
  EXPECT_EQ(Answers(), (Expected{{2, Refused::kNone}}));
  reads_.Advance(Lsn(9), history_, &out_);
  EXPECT_EQ(Answers(), (Expected{{1, Refused::kNone}}));
}

TEST_F(ReadWaitersTest, AWriteThatALaterEpochReplacedIsDivergedNotWaitedFor) {
  reads_.Add(Read(1, 1, 6), Lsn(2), history_, &out_);
  EXPECT_EQ(Answers(), (Expected{{1, Refused::kDiverged}}));
}

TEST_F(ReadWaitersTest, AnAppliedRecordOfAnotherEpochIsNotTheOneAskedFor) {
  reads_.Add(Read(1, 2, 5), Lsn(5), history_, &out_);
  EXPECT_EQ(Answers(), (Expected{{1, Refused::kDiverged}}));
}

TEST_F(ReadWaitersTest, LineageIsJudgedAgainWhenTheWaitEnds) {
  reads_.Add(Read(1, 3, 8), Lsn(6), history_, &out_);
  const EpochHistory later({{Epoch(1), Lsn(1)}, {Epoch(3), Lsn(6)}, {Epoch(4), Lsn(7)}});
  reads_.Advance(Lsn(9), later, &out_);
  EXPECT_EQ(Answers(), (Expected{{1, Refused::kDiverged}}));
}

TEST_F(ReadWaitersTest, RefusesEverybodyWhenTheNodeStops) {
  reads_.Add(Read(1, 3, 8), Lsn(6), history_, &out_);
  reads_.Add(Read(2, 3, 9), Lsn(6), history_, &out_);
  reads_.RefuseAll(Refused::kFenced, &out_);
  EXPECT_EQ(Answers(), (Expected{{1, Refused::kFenced}, {2, Refused::kFenced}}));
  reads_.Advance(Lsn(20), history_, &out_);
  EXPECT_EQ(Answers(), Expected{});
}

TEST_F(ReadWaitersTest, OneTooManyIsRefusedAsOverloaded) {
  for (uint64_t i = 1; i <= ReadWaiters::kWaitingMax; ++i)
    reads_.Add(Read(i, 3, 9), Lsn(6), history_, &out_);
  EXPECT_TRUE(out_.empty());
  reads_.Add(Read(7, 3, 9), Lsn(6), history_, &out_);
  EXPECT_EQ(Answers(), (Expected{{7, Refused::kOverloaded}}));
}

}  // namespace
}  // namespace replsim::read_waiters_test
