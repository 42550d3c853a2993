// Requests about a write that is in the log, or was: tickets, and requests that come again.
#include <algorithm>
#include <utility>

#include "common/base/mutant.h"
#include "primary/core/primary_core.h"
#include "primary/core/ticket.h"

namespace replsim {

void PrimaryCore::On(TicketRequest& asked) {
  const Epoch seen = std::max(asked.known_epoch, asked.ticket.epoch);
  if (seen > epoch_) FenceBy(seen);
  if (!leading()) {
    const bool fenced = std::holds_alternative<Fenced>(state_);
    return Emit(AnswerWrite{asked.id, WriteOutcome::kUnknown,
                            fenced ? Refused::kFenced : Refused::kNodeStopped, asked.ticket, true});
  }
  AnswerTicket(asked.id, asked.ticket, asked.watch);
}

void PrimaryCore::AnswerTicket(RequestId id, Position ticket, bool watch) {
  switch (JudgeTicket(ticket, epoch_, history_, last_, done_)) {
    case TicketState::kPending:
      if (watch) return Await(id, ticket.lsn, /*is_write=*/false);
      return Emit(AnswerWrite{id, WriteOutcome::kPending, Refused::kNone, ticket, true});
    case TicketState::kDone:
      return Emit(AnswerWrite{id, WriteOutcome::kCommitted, Refused::kNone, ticket,
                              IsProtected(ticket.lsn)});
    case TicketState::kLost:
      return Emit(AnswerWrite{id, WriteOutcome::kLost, Refused::kNone, ticket, true});
    case TicketState::kUnknown:
      return Emit(AnswerWrite{id, WriteOutcome::kUnknown, Refused::kNone, ticket, true});
  }
}

// The log holds it, or a later one of its client: nothing is logged again.
void PrimaryCore::AnswerAgain(const WriteRequest& write, const RequestTable::Last& held) {
  if (write.sequence < held.sequence) {
    return Emit(AnswerWrite{write.id, WriteOutcome::kUnknown, Refused::kSuperseded, {}, true});
  }
  const Lsn lsn = held.position.lsn;
  if (Mutated(Mutant::kDoneWhenRetried)) {
    return Emit(
        AnswerWrite{write.id, WriteOutcome::kCommitted, Refused::kNone, held.position, true});
  }
  if (write.ticket || lsn <= done_) return AnswerTicket(write.id, held.position, false);
  if (HasTimedOut(lsn)) {
    return Emit(
        AnswerWrite{write.id, WriteOutcome::kUnknown, Refused::kGateTimeout, held.position, true});
  }
  Await(write.id, lsn, /*is_write=*/true);
}

void PrimaryCore::Await(RequestId id, Lsn lsn, bool is_write) {
  if (waiters_.size() >= kWaitersMax) {
    return Emit(
        AnswerWrite{id, WriteOutcome::kUnknown, Refused::kOverloaded, PositionOf(lsn), true});
  }
  waiters_.emplace(lsn, Waiter{id, is_write});
}

// Of a write past the gate.
bool PrimaryCore::IsProtected(Lsn lsn) const {
  return lsn <= done_protected_ || Mutated(Mutant::kStayProtectedWhileDegraded);
}

// What was taken over never waited here.
bool PrimaryCore::HasTimedOut(Lsn lsn) const { return taken_over_ < lsn && lsn <= timed_out_; }

void PrimaryCore::AnswerWaiters() {
  while (!waiters_.empty() && waiters_.begin()->first <= done_) {
    const auto& [lsn, waiter] = *waiters_.begin();
    Emit(AnswerWrite{waiter.id, WriteOutcome::kCommitted, Refused::kNone, PositionOf(lsn),
                     IsProtected(lsn)});
    waiters_.erase(waiters_.begin());
  }
  // The gate's time is over for a request that came again as for the first one; a ticket waits on.
  for (auto it = waiters_.upper_bound(taken_over_);
       it != waiters_.end() && HasTimedOut(it->first);) {
    const auto& [lsn, waiter] = *it;
    if (!waiter.is_write) {
      ++it;
      continue;
    }
    Emit(AnswerWrite{waiter.id, WriteOutcome::kUnknown, Refused::kGateTimeout, PositionOf(lsn),
                     true});
    it = waiters_.erase(it);
  }
}

void PrimaryCore::DropWaiters(Refused why) {
  for (const auto& [lsn, waiter] : std::exchange(waiters_, {})) {
    Emit(AnswerWrite{waiter.id, WriteOutcome::kUnknown, why, PositionOf(lsn), true});
  }
}

}  // namespace replsim
