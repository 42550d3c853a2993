// Judges the outcome of the write for which a ticket was issued. The primary decides it from its
// log alone, so the answer survives crashes and failovers. Pure functions.
#pragma once

#include "common/base/ids.h"
#include "common/storage/log/epoch_history.h"

namespace replsim {

enum class TicketState {
  kPending,  // in the log, but not past the ack gate
  kDone,     // in the log and past the ack gate
  kLost,     // this log cannot contain it: a record of another epoch has its LSN, or its epoch
             // ended before that LSN
  kUnknown,  // never issued, or of an epoch that this primary has not seen
};

// A ticket is the position of the write. The judging primary leads `epoch`; its log has the epochs
// `history`, ends at `last`, and has passed the ack gate up to `done`.
TicketState JudgeTicket(Position ticket, Epoch epoch, const EpochHistory& history, Lsn last,
                        Lsn done);

}  // namespace replsim
