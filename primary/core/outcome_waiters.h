// The answers of conditional writes (compare-and-set, append): they say whether the write took
// effect, which is known when the primary has applied it. Such an answer therefore waits for two
// events: the ack gate, as every answer does, and the application. It does not say the outcome
// itself; the node adds it from its store (AnswerWrite). Part of a core: single-threaded, without
// I/O.
#pragma once

#include <cstdint>
#include <map>

#include "common/base/ids.h"
#include "common/protocol/effects.h"

namespace replsim {

class OutcomeWaiters {
 public:
  // The conditional write at `lsn` was logged for this request. LSNs ascend.
  void Logged(Lsn lsn, RequestKey request) { logged_.emplace_hint(logged_.end(), lsn, request); }
  // The request at `lsn`; empty if the write is not conditional. Forgets this one and all earlier
  // ones.
  RequestKey Take(Lsn lsn) { return logged_.empty() ? RequestKey() : TakeLogged(lsn); }
  // Emits an answer whose write has passed the ack gate, at once or when the write is applied.
  void Answer(AnswerWrite answer, Lsn applied, Effects* out);
  void Advance(Lsn applied, Effects* out);
  void AnswerAllUnknown(Refused why, Effects* out);

 private:
  RequestKey TakeLogged(Lsn lsn);

  std::map<Lsn, RequestKey> logged_;         // not past the ack gate
  std::multimap<Lsn, AnswerWrite> waiting_;  // past it, but not applied
};

}  // namespace replsim
