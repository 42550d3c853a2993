// The faults of a run as time intervals. This is the only place where the event that starts a fault
// is paired with the event that ends it. Outages, catch-up, node states and the shading of charts
// use this table.
//
// A fault ends with the event that undoes it: STARTED or RESTARTED for a death, RESUMED,
// LINK_HEALED, DISK_HEALED, FLAP_ENDED, or a detail of "ended". HEAL_BEGIN ends every fault of a
// link, of a disk or of a node's speed, but no death and no pause. A death ends a pause of the same
// node.
//
// A node is down from its death to the kStarted record of its next process, or to the STARTED event
// if it left no trace. The time of death is:
//   at a failpoint  the time of the kFailpoint record
//   no death event  when the restart was requested (RESTARTED.begun_ns), or the last
//                   record before the start if that is later
//   otherwise       when the signal was sent (RunEvent.begun_ns, else the event's own time), or
//                   the last record of that process if that is later
// The time at which the supervisor noticed the death is only in events.jsonl. A pause at a
// failpoint begins with the kFailpoint record.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "simulator/fault_kinds/fault_kind.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct FaultInterval {
  Condition kind;
  std::string node;  // the node, or the sending end of a link
  std::string peer;  // the receiving end of a link; empty for a fault of a node
  std::string what;  // for people: "killed", "disk: 20ms more each flush"
  int fault = 0;     // 1 + index into the scenario's faults; 0: not caused by one of them
  int64_t begin_ns = 0;
  std::optional<int64_t> end_ns;  // absent: still in force when the recording ended

  bool InForceAt(int64_t time_ns) const {
    return begin_ns <= time_ns && (!end_ns || time_ns < *end_ns);
  }
  int64_t EndOr(int64_t otherwise_ns) const { return end_ns.value_or(otherwise_ns); }
};

// In order of the events that started them.
std::vector<FaultInterval> FindFaultIntervals(const Recording& recording);

}  // namespace replsim
