#include "primary/core/ticket.h"

namespace replsim {

TicketState JudgeTicket(Position ticket, Epoch epoch, const EpochHistory& history, Lsn last,
                        Lsn done) {
  if (ticket.lsn == Lsn(0) || ticket.epoch == Epoch(0)) return TicketState::kUnknown;
  if (ticket.epoch > epoch) return TicketState::kUnknown;
  if (ticket.lsn > last) {
    // Of our own epoch everything that was given out is in the log.
    return ticket.epoch == epoch ? TicketState::kUnknown : TicketState::kLost;
  }
  if (history.EpochAt(ticket.lsn) != ticket.epoch) return TicketState::kLost;
  return ticket.lsn <= done ? TicketState::kDone : TicketState::kPending;
}

}  // namespace replsim
