// What has become of the write that a ticket was given for: decided by the primary from its log
// alone, so that the answer outlives crashes and failovers.
#pragma once

#include "common/base/ids.h"
#include "common/storage/log/epoch_history.h"

namespace replsim {

enum class TicketState {
  kPending,  // in the log, and not past the gate
  kDone,
  kLost,     // this log cannot contain it: another epoch's record stands there, or its own epoch
             // ended before it
  kUnknown,  // of an epoch that this primary has not seen, or that nobody was ever given
};

// A ticket is the write's position. Asked of the primary that leads `epoch`, with a log of
// `history` that ends at `last` and is past the gate up to `done`.
TicketState JudgeTicket(Position ticket, Epoch epoch, const EpochHistory& history, Lsn last,
                        Lsn done);

}  // namespace replsim
