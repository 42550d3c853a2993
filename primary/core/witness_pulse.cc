#include "primary/core/witness_pulse.h"

#include <algorithm>

namespace replsim {

void WitnessPulse::Announce(const Announcement& announcement, Effects* out) {
  next_ = announcement.time + interval_;
  for (const auto& [witness, heard] : heard_) out->push_back(AskPeer{witness, announcement});
}

// Answers may overtake each other.
void WitnessPulse::HandleAnswer(const NodeId& from, Instant announced, Instant now) {
  const auto it = heard_.find(from);
  if (it == heard_.end()) return;
  it->second.answered = std::max(it->second.answered, now);
  it->second.bound_since = std::max(it->second.bound_since, announced);
}

}  // namespace replsim
