// Compare-and-set and append at a primary driven by hand: the answer waits until the write is
// applied, because only then its outcome is known.
#include "tests/unit/primary_core_fixture.h"

namespace replsim::conditional_writes_test {
namespace {

class ConditionalWritesTest : public PrimaryCoreTest {
 protected:
  // Acknowledged after p's flush, visible after r1's.
  void StartShowingLate() {
    options_.knobs.ack_after = Stage::kFlush;
    options_.knobs.visible_after = Stage::kReplicaFlush;
    Start(1);
  }
  static WriteRequest Cas(uint64_t id, uint64_t client) {
    std::string command;
    EncodeCommand({client, 1, CommandKind::kCas, "key", "new", "old"}, &command);
    WriteRequest write{RequestId(id), Epoch(0), command, client, 1};
    write.conditional = true;
    return write;
  }
  void Visible(uint64_t lsn) {
    AckFrom(1, lsn, lsn, lsn, lsn);
    ASSERT_TRUE(Shown());
    EXPECT_FALSE(Answered());
    driver_->Do(Applied{Lsn(lsn)});
  }
  void ExpectCommitted(size_t count, uint64_t first_id) const {
    ASSERT_EQ(Answers().size(), count);
    for (size_t i = 0; i < count; ++i) {
      EXPECT_EQ(Answers()[i].id, RequestId(first_id + i));
      EXPECT_EQ(Answers()[i].outcome, WriteOutcome::kCommitted);
      EXPECT_EQ(Answers()[i].request.client, 7u);
      EXPECT_EQ(Answers()[i].request.sequence, 1u);
    }
  }
};

TEST_F(ConditionalWritesTest, TheAnswerWaitsForTheAckGateAndForTheApplication) {
  StartShowingLate();
  driver_->Do(Cas(1, 7));
  Logged(1);
  EXPECT_FALSE(Answered());
  Visible(1);
  ExpectCommitted(1, 1);
}

TEST_F(ConditionalWritesTest, APlainWriteDoesNotWaitForIt) {
  StartShowingLate();
  driver_->Do(Cas(1, 7), Request(2));
  Logged(2);
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].id, RequestId(2));
  EXPECT_TRUE(Answers()[0].request.empty());
}

TEST_F(ConditionalWritesTest, ARetryWaitsForTheApplicationToo) {
  StartShowingLate();
  driver_->Do(Cas(1, 7), Cas(2, 7));
  Logged(1);
  driver_->Do(Cas(3, 7));
  EXPECT_FALSE(Answered());
  Visible(1);
  ExpectCommitted(3, 1);
  driver_->Do(Cas(4, 7));
  ExpectCommitted(1, 4);
}

TEST_F(ConditionalWritesTest, WhenThePrimaryStopsLeadingTheOutcomeIsUnknown) {
  StartShowingLate();
  driver_->Do(Cas(1, 7));
  Logged(1);
  driver_->Do(FollowRequest{NodeId("r1"), Epoch(3)});
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kUnknown);
  EXPECT_EQ(Answers()[0].why, Refused::kFenced);
}

TEST_F(ConditionalWritesTest, TheGateTimeoutEndsTheWaitForTheGateAsForAnyWrite) {
  options_.knobs.ack_after = options_.knobs.visible_after = Stage::kReplicaFlush;
  options_.knobs.on_timeout = OnTimeout::kUnknown;
  options_.knobs.timeout = Millis(10);
  Start(1);
  driver_->Do(Cas(1, 7));
  Logged(1);
  driver_->Wait(Millis(20));
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kUnknown);
  EXPECT_EQ(Answers()[0].why, Refused::kGateTimeout);
}

class TransactionLocksTest : public PrimaryCoreTest {
 protected:
  static WriteRequest Transaction(uint64_t id, absl::string_view a, absl::string_view b) {
    std::string command;
    EncodeCommand({id, 1, CommandKind::kTransaction, "", EncodePuts({{a, "1"}, {b, "2"}})},
                  &command);
    return {RequestId(id), Epoch(0), command, id, 1};
  }
};

TEST_F(TransactionLocksTest, ATransactionWaitsUntilAllItsKeysAreFree) {
  options_.knobs.ack_after = options_.knobs.visible_after = Stage::kReplicaFlush;
  options_.knobs.serialize_keys = true;
  Start(1);
  driver_->Do(Transaction(1, "a", "b"), Transaction(2, "c", "d"), Transaction(3, "b", "c"));
  Logged(2);
  AckFrom(1, 1, 1, 1, 1);  // b is free, c is not
  EXPECT_EQ(Answers().size(), 1u);
  EXPECT_TRUE(driver_->All<AppendLog>().empty());
  AckFrom(1, 2, 2, 2, 2);
  EXPECT_EQ(driver_->All<AppendLog>().size(), 1u);
  Logged(3);
  AckFrom(1, 3, 3, 3, 3);
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].id, RequestId(3));
}

}  // namespace
}  // namespace replsim::conditional_writes_test
