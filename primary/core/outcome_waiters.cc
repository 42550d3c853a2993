#include "primary/core/outcome_waiters.h"

#include <utility>

namespace replsim {

RequestKey OutcomeWaiters::TakeLogged(Lsn lsn) {
  const auto it = logged_.find(lsn);
  const RequestKey request = it == logged_.end() ? RequestKey() : it->second;
  logged_.erase(logged_.begin(), logged_.upper_bound(lsn));
  return request;
}

void OutcomeWaiters::Answer(AnswerWrite answer, Lsn applied, Effects* out) {
  if (answer.position.lsn <= applied) {
    out->push_back(std::move(answer));
  } else {
    waiting_.emplace(answer.position.lsn, std::move(answer));
  }
}

void OutcomeWaiters::Advance(Lsn applied, Effects* out) {
  while (!waiting_.empty() && waiting_.begin()->first <= applied) {
    out->push_back(std::move(waiting_.begin()->second));
    waiting_.erase(waiting_.begin());
  }
}

void OutcomeWaiters::AnswerAllUnknown(Refused why, Effects* out) {
  logged_.clear();
  for (const auto& [lsn, answer] : std::exchange(waiting_, {})) {
    out->push_back(AnswerWrite{answer.id, WriteOutcome::kUnknown, why, answer.position, true});
  }
}

}  // namespace replsim
