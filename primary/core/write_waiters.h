// Clients that wait for a write that another request logged: retried requests, and tickets that are
// watched. Bounded: a request that finds the queue full is answered as unknown. Part of a core:
// single-threaded, without I/O.
#pragma once

#include <cstdint>
#include <map>

#include "common/base/ids.h"
#include "common/protocol/effects.h"
#include "common/protocol/events.h"
#include "common/storage/log/epoch_history.h"
#include "primary/core/gates.h"
#include "primary/core/outcome_waiters.h"

namespace replsim {

class WriteWaiters {
 public:
  static constexpr size_t kWaitersMax = 100'000;
  enum class Of { kWrite, kTicket };

  // `history` outlives the waiters.
  explicit WriteWaiters(const EpochHistory& history) : history_(history) {}

  // `request`: of a conditional write; otherwise empty.
  void Add(RequestId id, Lsn lsn, Of of, Effects* out, RequestKey request = {});
  // Answers the waiters whose write has passed the ack gate; the answers of conditional writes go
  // through `outcomes`. Retried requests whose write has timed out are answered as unknown.
  void Advance(const Gates& gates, Lsn applied, OutcomeWaiters* outcomes, Effects* out);
  void AnswerAllUnknown(Refused why, Effects* out);

  void Check() const;

 private:
  struct Waiter {
    RequestId id;
    Of of;
    RequestKey request;
  };
  Position At(Lsn lsn) const { return {history_.EpochAt(lsn), lsn}; }

  const EpochHistory& history_;
  std::multimap<Lsn, Waiter> waiters_;
};

}  // namespace replsim
