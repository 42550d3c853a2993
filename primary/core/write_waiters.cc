#include "primary/core/write_waiters.h"

#include <utility>

#include "common/base/check.h"

namespace replsim {

void WriteWaiters::Add(RequestId id, Lsn lsn, Of of, Effects* out, RequestKey request) {
  if (waiters_.size() < kWaitersMax) {
    waiters_.emplace(lsn, Waiter{id, of, request});
  } else {
    out->push_back(AnswerWrite{id, WriteOutcome::kUnknown, Refused::kOverloaded, At(lsn), true});
  }
}

void WriteWaiters::Advance(const Gates& gates, Lsn applied, OutcomeWaiters* outcomes,
                           Effects* out) {
  while (!waiters_.empty() && waiters_.begin()->first <= gates.done()) {
    const auto& [lsn, waiter] = *waiters_.begin();
    AnswerWrite answer{waiter.id, WriteOutcome::kCommitted, Refused::kNone,
                       At(lsn),   gates.IsProtected(lsn),   waiter.request};
    if (waiter.request.empty()) {
      out->push_back(std::move(answer));
    } else {
      outcomes->Answer(std::move(answer), applied, out);
    }
    waiters_.erase(waiters_.begin());
  }
  // The gate timeout ends the wait of a retried request, as it ends that of the first attempt. It
  // does not end the wait for a ticket.
  for (auto it = waiters_.upper_bound(gates.taken_over());
       it != waiters_.end() && gates.HasTimedOut(it->first);) {
    const auto& [lsn, waiter] = *it;
    if (waiter.of == Of::kTicket) {
      ++it;
      continue;
    }
    out->push_back(
        AnswerWrite{waiter.id, WriteOutcome::kUnknown, Refused::kGateTimeout, At(lsn), true});
    it = waiters_.erase(it);
  }
}

void WriteWaiters::AnswerAllUnknown(Refused why, Effects* out) {
  for (const auto& [lsn, waiter] : std::exchange(waiters_, {})) {
    out->push_back(AnswerWrite{waiter.id, WriteOutcome::kUnknown, why, At(lsn), true});
  }
}

void WriteWaiters::Check() const { REPL_CHECK(waiters_.size() <= kWaitersMax); }

}  // namespace replsim
