#include "primary/core/witness_pulse.h"

#include <algorithm>

namespace replsim {

void WitnessPulse::AnnounceIfDue(Epoch epoch, const PublishedSet& in_sync, Instant now,
                                 Effects* out) {
  if (heard_.empty() || now < next_) return;
  next_ = now + interval_;
  for (const auto& [witness, heard] : heard_) {
    out->push_back(AskPeer{witness, Announcement{epoch, now, in_sync}});
  }
}

// Answers may overtake each other.
void WitnessPulse::HandleAnswer(const NodeId& from, Instant announced, Instant now) {
  const auto it = heard_.find(from);
  if (it == heard_.end()) return;
  it->second.answered = std::max(it->second.answered, now);
  it->second.bound_since = std::max(it->second.bound_since, announced);
}

}  // namespace replsim
