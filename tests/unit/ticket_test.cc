#include "primary/core/ticket.h"

#include <gtest/gtest.h>

namespace replsim::ticket_test {
namespace {

// Epoch 1 wrote 1 to 10, of which epoch 3 took over 8 and wrote 9 to 12; epoch 5 leads and has
// written 13 to 20, of which 15 are past the gate.
TicketState Judge(uint64_t epoch, uint64_t lsn) {
  static const EpochHistory history({{Epoch(1), Lsn(1)}, {Epoch(3), Lsn(9)}, {Epoch(5), Lsn(13)}});
  return JudgeTicket({Epoch(epoch), Lsn(lsn)}, Epoch(5), history, Lsn(20), Lsn(15));
}

TEST(Ticket, IsPendingUntilItIsPastTheGate) {
  EXPECT_EQ(Judge(5, 20), TicketState::kPending);
  EXPECT_EQ(Judge(5, 16), TicketState::kPending);
  EXPECT_EQ(Judge(5, 15), TicketState::kDone);
}

TEST(Ticket, OfAnEarlierEpochIsDoneIfItWasTakenOver) {
  EXPECT_EQ(Judge(1, 8), TicketState::kDone);
  EXPECT_EQ(Judge(3, 9), TicketState::kDone);
  EXPECT_EQ(Judge(3, 12), TicketState::kDone);
}

TEST(Ticket, IsLostWhereAnotherEpochStandsOrItsOwnEnded) {
  EXPECT_EQ(Judge(1, 9), TicketState::kLost);
  EXPECT_EQ(Judge(1, 10), TicketState::kLost);
  EXPECT_EQ(Judge(3, 13), TicketState::kLost);
  EXPECT_EQ(Judge(3, 21), TicketState::kLost) << "beyond the log of who leads";
  EXPECT_EQ(Judge(4, 13), TicketState::kLost) << "an epoch whose whole log is gone";
}

TEST(Ticket, IsUnknownWhereNobodyHereCanTell) {
  EXPECT_EQ(Judge(6, 3), TicketState::kUnknown) << "of an epoch not seen";
  EXPECT_EQ(Judge(5, 21), TicketState::kUnknown) << "nobody was given it";
  EXPECT_EQ(Judge(0, 3), TicketState::kUnknown);
  EXPECT_EQ(Judge(1, 0), TicketState::kUnknown);
}

}  // namespace
}  // namespace replsim::ticket_test
