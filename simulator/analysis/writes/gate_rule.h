// Which replicas the acknowledgement gate of a recorded run waits for, and which of them a write
// waited for. Read from the settings of the recording; the arithmetic is that of
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
  // known() is false where the recording's settings are missing.
  explicit GateRule(const Recording& recording);

  bool known() const { return known_; }
  // Whether it waits for replicas at all.
  bool of_replicas() const { return of_replicas_; }

  // The replica's position with which the sync set was complete, as the primary learned of it up to
  // `gate`: of the members that count the last. Null where the life does not show it.
  const Moment* CompletedBy(const std::vector<Moment>& life, const Moment& gate) const;

  // Of a gate that did not open up to `until_ns`: the members that were missing, for people: "r1",
  // "r1, which leads", "2 of r1, r2, r3". Empty where the life does not show it.
  std::string Lacked(const std::vector<Moment>& life, size_t leader, int64_t until_ns) const;

 private:
  // The members' positions at the stage of the gate that the primary had learned by then, in the
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
