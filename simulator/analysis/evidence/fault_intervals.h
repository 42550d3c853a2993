// The faults of a run as intervals of time: the one place where an event that begins a fault is
// paired with the event that ends it. Outages, catch-up, states of nodes and the shading of charts
// are computed from this table.
//
// A fault ends with the event that undoes it: STARTED or RESTARTED for a death, RESUMED,
// LINK_HEALED, DISK_HEALED, FLAP_ENDED, a detail of "ended". HEAL_BEGIN ends every fault of a link,
// a disk or a node's speed; processes come back one by one. A death ends a pause; a death
// or a promotion of the node ends a slow-apply, which is a setting of a replica's process.
//
// A node is down from its death to the kStarted record of its next process (to the STARTED event,
// where it left no trace). It died:
//   at a failpoint    with its kFailpoint record
//   otherwise         when the signal was sent (RunEvent.begun_ns; without it, the event's own
//                     time), or with the last record of that process where that is later
// The time at which the supervisor noticed stays in events.jsonl. A node that
// runs and is restarted died when that was asked for (RESTARTED.begun_ns), or with the last record
// before the start where that is later. A pause at a failpoint begins with the kFailpoint record.
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
  std::string node;  // or the sending end of a link
  std::string peer;  // the receiving end of a link; empty for a fault of a node
  std::string what;  // for people: "killed", "disk: 20ms more each flush"
  int fault = 0;     // 1 + index into the scenario's faults; 0: none of them
  int64_t begin_ns = 0;
  std::optional<int64_t> end_ns;  // absent: in force when the recording ended

  bool InForceAt(int64_t time_ns) const {
    return begin_ns <= time_ns && (!end_ns || time_ns < *end_ns);
  }
  int64_t EndOr(int64_t otherwise_ns) const { return end_ns.value_or(otherwise_ns); }
};

// In order of the events that began them.
std::vector<FaultInterval> FindFaultIntervals(const Recording& recording);

}  // namespace replsim
