// The gate of a recorded run: which replicas it waits for, and which of them a given write waited
// for. Read from the recording's settings; the arithmetic is that of
// primary/core/sync_set_position.h. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "simulator/analysis/writes/write_life.h"
#include "simulator/recording/recording.h"

namespace replsim {

class GateRule {
 public:
  // known() is false if the recording lacks the settings.
  explicit GateRule(const Recording& recording);

  bool known() const { return known_; }
  // Whether the gate waits for replicas.
  bool of_replicas() const { return of_replicas_; }

  // The moment that completed the sync set: the last one counted, among those that the primary had
  // learned by the time of `gate`. Null if the life does not show it.
  const Moment* CompletedBy(const std::vector<Moment>& life, const Moment& gate) const;

  // For a gate that did not open by `until_ns`: the members that were missing, as text: "r1", "r1
  // (the primary)", "2 of r1, r2, r3". Empty if the life does not show it.
  std::string Lacked(const std::vector<Moment>& life, size_t leader, int64_t until_ns) const;

 private:
  // The members' moments at the gate's stage that the primary had learned by `time_ns`, in the
  // order in which they count.
  std::vector<const Moment*> LearnedBy(const std::vector<Moment>& life, int64_t time_ns) const;
  size_t Needed() const;

  const Recording& recording_;
  bool known_ = false;
  bool of_replicas_ = false;
  bool in_order_ = false;         // first K: by priority, not by time
  size_t stage_ = 0;              // index into kNodeStageNames
  size_t needed_ = 0;             // 0: all members
  std::vector<std::string> ids_;  // by priority; empty: every replica
};

}  // namespace replsim
