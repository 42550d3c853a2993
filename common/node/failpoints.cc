#include "common/node/failpoints.h"

#include <algorithm>

#include "common/base/check.h"

namespace replsim {

void Failpoints::Arm(Armed armed) {
  REPL_CHECK((armed.hit == 0) != (armed.lsn == Lsn(0)), "exactly one of hit and lsn");
  absl::MutexLock lock(&mutex_);
  entries_.push_back({armed, 0, Lsn(0)});
  any_.store(true, std::memory_order_relaxed);
}

std::optional<Failpoints::Match> Failpoints::PassSlow(Point point, bool after, Lsn first,
                                                      Lsn last) {
  absl::MutexLock lock(&mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (entry->armed.name != FailpointName{after, point}) continue;
    first = std::max(first, entry->passed_through + 1);
    if (first > last) continue;
    const uint64_t count = last - first + 1;
    std::optional<Match> match;
    if (entry->armed.hit == 0) {
      if (first <= entry->armed.lsn && entry->armed.lsn <= last) match = {entry->armed.lsn, false};
    } else if (entry->passed + count >= entry->armed.hit) {
      match = {first + (entry->armed.hit - entry->passed - 1), false};
    }
    entry->passed += count;
    entry->passed_through = last;
    if (!match) continue;
    match->pause = entry->armed.pause;
    entries_.erase(entry);
    any_.store(!entries_.empty(), std::memory_order_relaxed);
    return match;
  }
  return std::nullopt;
}

}  // namespace replsim
