// When acknowledged writes were lost, which leadership lost them, and the RPO.
//
// A lost write is attributed to a change of leadership. The leadership that lacks the write is the
// first one of a newer epoch without the write in its log; the leadership before it lost the
// write. The losing leadership need not be the one that acknowledged the write. If every newer
// leadership has the write, the last leadership lost it. If no leadership of the write's epoch is
// known, only the death of the node that acknowledged the write is considered.
//
// The RPO in ms of a losing leadership is the length of an interval over the writes that it lost:
//   start  the first lost acknowledgement (when its client received it)
//   end    the last lost acknowledgement, or the instant at which the leadership stopped if that is
//          later
// The leadership stopped at the earliest of: the death or pause of its primary, its fence or step
// down (kFenced, kStepsDown), the stop as outages.h defines it, and the start of the change to the
// leadership that lacks the write. Only instants from the invocation of the last lost write up to
// that change count. An interval of length zero is replaced by one that starts at the invocation of
// the first lost write. The report has the longest interval of all leaderships.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/analysis/availability/outages.h"
#include "simulator/analysis/evidence/fault_intervals.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct Loss {
  // When the write was lost: at the death of the losing primary, otherwise at the start of the
  // change to the leadership that lacks it. If that change began before the write was invoked, the
  // instant of the acknowledgement. Absent if no leadership lacks the write and no death followed.
  std::optional<int64_t> at_ns;
  std::string when;  // "when p died", "when r1 was elected", …
};

class Losses {
 public:
  // Keeps references to all arguments.
  Losses(const Recording& recording, const LeadershipHistory& leadership_history,
         const std::vector<FaultInterval>& faults, const std::vector<LeadershipChange>& changes)
      : recording_(recording), lineages_(leadership_history), faults_(faults), changes_(changes) {}

  Loss LossOf(const Operation& lost) const;

  // The longest RPO in ns. Absent if `lost` is empty or every interval has length zero.
  std::optional<int64_t> RpoNs(const std::vector<const Operation*>& lost) const;

 private:
  struct Blame {
    std::optional<size_t> loser;           // index of the leadership that lost it
    const LeadershipChange* to = nullptr;  // to the leadership that lacks it; null: none does
  };
  Blame BlameFor(const Operation& lost) const;
  // Each searches [from, to]: the first fault of `kind` on `node`; the first instant that stopped
  // the leadership; the first kFenced or kStepsDown record of `node`.
  std::optional<int64_t> FirstOf(Condition kind, size_t node, int64_t from_ns, int64_t to_ns) const;
  std::optional<int64_t> FirstStop(size_t leadership, int64_t from_ns, int64_t to_ns) const;
  std::optional<int64_t> Fenced(size_t node, int64_t from_ns, int64_t to_ns) const;
  std::string NodeOf(size_t leadership) const;
  std::string TextOf(const LeadershipChange& change) const;

  const Recording& recording_;
  const LeadershipHistory& lineages_;
  const std::vector<FaultInterval>& faults_;
  const std::vector<LeadershipChange>& changes_;
};

}  // namespace replsim
