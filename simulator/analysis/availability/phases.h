// A run's load in three phases, so that a healthy cluster's latency and an outage are told apart.
//
//   healthy  from the load's beginning to the first fault, or to the load's end where there is none
//   stopped  the longest gap without a committed write that ends after the first fault
//            (interruptions.h), from the first fault on where it began before
//   after    from the gap's end to the load's end
//
// The first fault is the first event inside the load that a fault of the scenario caused, or the
// death of a node, whichever came first. Phases begin inclusive and end exclusive; the last one
// includes the load's end. What lies between the first fault and the gap belongs to none.
//
// An operation's latency belongs to the phase in which it was due (its intended start), so a write
// that waited out an outage is not one of a healthy cluster. A phase's rate counts the answers that
// came in it, as the rate of the whole load does.
#pragma once

#include <cstdint>
#include <optional>

#include "protos/report.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct PhaseBounds {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
  bool with_end = false;  // includes end_ns
  bool Contains(int64_t time_ns) const {
    return time_ns >= begin_ns && (time_ns < end_ns || (with_end && time_ns == end_ns));
  }
};

// A phase without length is absent; all three are where the load has none.
struct LoadPhases {
  std::optional<PhaseBounds> healthy;
  std::optional<PhaseBounds> stopped;
  std::optional<PhaseBounds> after;
};
LoadPhases FindPhases(const Recording& recording);

// When the first fault happened inside the load; nothing where none did.
std::optional<int64_t> FirstFault(const Recording& recording);

proto::RunReport::Phases MeasurePhases(const Recording& recording, const LoadPhases& phases);

}  // namespace replsim
