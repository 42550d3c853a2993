// Tells the witnesses that this node leads, and remembers when they answered. A witness has no
// stream, because it receives no records: the primary announces its epoch to it every
// failover.lease_renew, or heartbeat.interval without one. The answers count for the lease and for
// failover.lose_lead as those of replicas do. The announcements carry the size of the log and the
// in-sync set, if there is one; until that is stored they are repeated more often.
//
// Part of a core: single-threaded, without I/O. Times are on the primary's clock.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/effects.h"

namespace replsim {

class WitnessPulse {
 public:
  struct Heard {
    Instant answered;     // when the last answer arrived
    Instant bound_since;  // when the newest announcement that was answered was sent
  };

  WitnessPulse(const std::vector<NodeId>& witnesses, Nanos interval) : interval_(interval) {
    for (const NodeId& witness : witnesses) heard_.emplace(witness, Heard{});
  }

  // Whether an interval has passed since the last announcement.
  bool IsDue(Instant now) const { return !heard_.empty() && now >= next_; }
  // Sends the announcement, made now, to all witnesses.
  void Announce(const Announcement& announcement, Effects* out);
  // The next announcement is due at once, or at the latest then.
  void HurryTo(Instant next) { next_ = std::min(next_, next); }
  // An answer to the announcement sent at `announced`. Ignores nodes that are no witnesses.
  void HandleAnswer(const NodeId& from, Instant announced, Instant now);
  Instant NextTimer() const { return heard_.empty() ? kNever : next_; }

  const std::map<NodeId, Heard>& heard() const { return heard_; }

 private:
  const Nanos interval_;
  Instant next_;  // announcement; at first at once
  std::map<NodeId, Heard> heard_;
};

}  // namespace replsim
