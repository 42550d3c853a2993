#include "primary/core/ticket.h"

#include "common/base/mutant.h"

namespace replsim {

TicketState JudgeTicket(Position ticket, Epoch epoch, const EpochHistory& history, Lsn last,
                        Lsn done) {
  if (ticket.lsn == Lsn(0) || ticket.epoch == Epoch(0)) return TicketState::kUnknown;
  if (ticket.epoch > epoch) return TicketState::kUnknown;
  if (ticket.lsn > last) {
    // All tickets issued in the current epoch are in the log, so this one was never issued.
    return ticket.epoch == epoch ? TicketState::kUnknown : TicketState::kLost;
  }
  const bool other_epoch = history.EpochAt(ticket.lsn) != ticket.epoch;
  if (other_epoch && !Mutated(Mutant::kTicketOfAnyEpoch)) return TicketState::kLost;
  if (ticket.lsn <= done) return TicketState::kDone;
  return Mutated(Mutant::kLostBeforeGate) ? TicketState::kLost : TicketState::kPending;
}

}  // namespace replsim
