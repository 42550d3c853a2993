// When a primary hands its lead over to a node that comes before it in failover.priority
// (failover.takeover_after; MongoDB's priority takeover, Kafka's preferred leader). The node must
// have been connected, and not far behind, without a break for that long. A hand-over that fails is
// tried again after the same time.
//
// Part of a core: single-threaded, without I/O.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/knobs.h"

namespace replsim {

class Takeover {
 public:
  // `self` leads. A node that `priority` does not name comes after all that it names.
  Takeover(const ElectionKnobs& knobs, const NodeId& self) {
    if (!knobs.takeover_after) return;
    after_ = *knobs.takeover_after;
    for (const NodeId& node : knobs.priority) {
      if (node == self) break;
      preferred_.push_back(node);
    }
  }

  // Whether there is a node to hand the lead over to.
  bool on() const { return !preferred_.empty(); }

  // The node could lead, has received the log up to `received`, and `last` is the end of the log.
  void Observe(const NodeId& node, Lsn received, Lsn last, Instant now) {
    if (std::find(preferred_.begin(), preferred_.end(), node) == preferred_.end()) return;
    Seen& seen = seen_.try_emplace(node, Seen{now, now, now, last}).first->second;
    if (received >= seen.sample) {
      seen.caught_up = received >= last ? now : seen.sampled;
      seen.sampled = now;
      seen.sample = last;
    }
    if (now - seen.caught_up > after_ / 10) seen.since = now;  // it is far behind
  }
  // The node could not lead, or is not connected.
  void Forget(const NodeId& node) { seen_.erase(node); }

  // The first one that is due; empty: none. Its time begins anew.
  NodeId TakeDue(Instant now) {
    for (const NodeId& node : preferred_) {
      const auto seen = seen_.find(node);
      if (seen == seen_.end() || now < seen->second.since + after_) continue;
      seen->second.since = now;
      return node;
    }
    return NodeId();
  }
  Instant NextTimer() const {
    Instant next = kNever;
    for (const auto& [node, seen] : seen_) next = std::min(next, seen.since + after_);
    return next;
  }

 private:
  struct Seen {
    Instant since;      // when it was connected and near
    Instant caught_up;  // the newest known instant whose end of the log it has reached
    Instant sampled;    // when the sample was taken that it has not reached yet
    Lsn sample;         // the end of the log then
  };

  Nanos after_{0};
  std::vector<NodeId> preferred_;  // the first before the others
  std::map<NodeId, Seen> seen_;    // of these, those that could lead
};

}  // namespace replsim
