#include "simulator/workload/quorum_read.h"

#include <gtest/gtest.h>

#include <optional>

namespace replsim::first_answers_test {
namespace {

OperationResult Saw(uint64_t lsn, const char* node) {
  OperationResult result;
  result.outcome = proto::COMMITTED;
  result.position = {Epoch(1), Lsn(lsn)};
  result.served_by = NodeId(node);
  return result;
}

OperationResult Refused(proto::Reason reason) {
  OperationResult result;
  result.outcome = proto::REJECTED;
  result.reason = reason;
  return result;
}

class FirstAnswersTest : public testing::Test {
 protected:
  QuorumRead Of(size_t asked, size_t needed) {
    return QuorumRead(asked, needed, [this](OperationResult result) {
      EXPECT_FALSE(told.has_value()) << "told twice";
      told = std::move(result);
    });
  }
  std::optional<OperationResult> told;
};

TEST_F(FirstAnswersTest, TakesTheNewestOfThoseItNeeds) {
  QuorumRead answers = Of(3, 2);
  answers.Add(Saw(7, "r2"));
  EXPECT_FALSE(told.has_value());
  answers.Add(Saw(5, "r1"));
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->served_by, NodeId("r2"));
  answers.Add(Saw(9, "r3"));
  EXPECT_EQ(told->position->lsn, Lsn(7)) << "nobody waits for a later one";
}

TEST_F(FirstAnswersTest, OfEquallyNewOnesItTakesTheFirst) {
  QuorumRead answers = Of(2, 2);
  answers.Add(Saw(0, "r2"));
  answers.Add(Saw(0, "r1"));
  EXPECT_EQ(told->served_by, NodeId("r2"));
}

TEST_F(FirstAnswersTest, RefusalsAreNoAnswers) {
  QuorumRead answers = Of(3, 2);
  answers.Add(Refused(proto::UNREACHABLE));
  answers.Add(Saw(5, "r1"));
  EXPECT_FALSE(told.has_value());
  answers.Add(Saw(6, "r2"));
  EXPECT_EQ(told->position->lsn, Lsn(6));
}

TEST_F(FirstAnswersTest, EndsAsSoonAsTooFewAreLeft) {
  QuorumRead answers = Of(3, 2);
  answers.Add(Refused(proto::UNREACHABLE));
  answers.Add(Refused(proto::DEADLINE));
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->outcome, proto::REJECTED);
  EXPECT_EQ(told->reason, proto::DEADLINE);
  answers.Add(Saw(6, "r2"));
  EXPECT_EQ(told->outcome, proto::REJECTED);
}

}  // namespace
}  // namespace replsim::first_answers_test
