#include "simulator/cluster/managed/operations_in_flight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/cluster/managed/unanswered.h"

namespace replsim::operations_in_flight_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Instant At(int64_t ms) { return FromNanos(ms * 1'000'000); }

class OperationsInFlightTest : public testing::Test {
 protected:
  OperationDone Note(uint64_t id) {
    return [this, id](const OperationResult& result) {
      log_.push_back(absl::StrCat(id, " ", proto::Outcome_Name(result.outcome), " ",
                                  proto::Reason_Name(result.reason)));
    };
  }
  void AddWrite(uint64_t id, Instant deadline) {
    operations_.Add(id, /*is_write=*/true, deadline, Note(id));
  }
  void AddRead(uint64_t id, Instant deadline) {
    operations_.Add(id, /*is_write=*/false, deadline, Note(id));
  }
  void Commit(uint64_t id, Epoch epoch) {
    OperationResult result;
    result.outcome = proto::COMMITTED;
    result.position = Position{epoch, Lsn(1)};
    operations_.Answer(id, result);
  }

  OperationsInFlight operations_;
  std::vector<std::string> log_;
};

TEST_F(OperationsInFlightTest, AnOperationEndsOnceWithItsAnswer) {
  AddWrite(1, At(10));
  Commit(1, Epoch(2));
  Commit(1, Epoch(2));
  operations_.FailOverdue(At(20));
  operations_.FailAll();
  EXPECT_THAT(log_, ElementsAre("1 COMMITTED NONE"));
}

TEST_F(OperationsInFlightTest, AWriteIsUnknownAndAReadRejectedWhenTheConnectionBreaks) {
  AddWrite(1, At(30));
  AddRead(2, At(10));
  AddWrite(3, At(20));
  operations_.FailAll();
  EXPECT_THAT(log_, ElementsAre("1 UNKNOWN DISCONNECTED", "2 REJECTED DISCONNECTED",
                                "3 UNKNOWN DISCONNECTED"))
      << "in the order in which the clients asked";
  EXPECT_EQ(operations_.next_deadline(), kNever);
}

TEST_F(OperationsInFlightTest, TheSoonestDeadlineEndsFirst) {
  AddWrite(1, At(30));
  AddRead(2, At(10));
  AddWrite(3, At(20));
  EXPECT_EQ(operations_.next_deadline(), At(10));
  operations_.FailOverdue(At(9));
  EXPECT_THAT(log_, IsEmpty());
  operations_.FailOverdue(At(20));
  EXPECT_THAT(log_, ElementsAre("2 REJECTED DEADLINE", "3 UNKNOWN DEADLINE"));
  EXPECT_EQ(operations_.next_deadline(), At(30));
}

TEST_F(OperationsInFlightTest, TheDeadlineOfAnAnsweredOperationEndsNothing) {
  AddWrite(1, At(10));
  AddWrite(2, At(20));
  Commit(1, Epoch(1));
  operations_.FailOverdue(At(15));
  EXPECT_THAT(log_, ElementsAre("1 COMMITTED NONE"));
  EXPECT_EQ(operations_.next_deadline(), At(20));
}

TEST_F(OperationsInFlightTest, AnOperationThatEndsMayBeginTheNextOne) {
  operations_.Add(1, true, At(10), [this](const OperationResult&) { AddWrite(2, At(10)); });
  operations_.FailOverdue(At(15));
  EXPECT_THAT(log_, ElementsAre("2 UNKNOWN DEADLINE")) << "its deadline has passed, too";
  operations_.Add(3, true, At(30), [this](const OperationResult&) { AddWrite(4, At(30)); });
  operations_.FailAll();
  operations_.FailOverdue(At(30));
  EXPECT_THAT(log_, ElementsAre("2 UNKNOWN DEADLINE", "4 UNKNOWN DEADLINE"))
      << "it belongs to the next connection";
}

TEST_F(OperationsInFlightTest, TheHighestEpochOfAnyAnswerIsRemembered) {
  for (const uint64_t id : {1, 2, 3}) AddWrite(id, At(10));
  Commit(1, Epoch(3));
  Commit(2, Epoch(2));
  operations_.FailAll();
  EXPECT_EQ(operations_.known_epoch(), Epoch(3));
}

TEST(Unanswered, WhatWasNeverSentCertainlyDidNotHappen) {
  EXPECT_EQ(NeverSent().outcome, proto::REJECTED);
  EXPECT_EQ(NeverSent().reason, proto::UNREACHABLE);
}

}  // namespace
}  // namespace replsim::operations_in_flight_test
