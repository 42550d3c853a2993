// Splits the load into three phases, so that the latency of the healthy cluster and the outage are
// reported separately.
//
//   healthy  from the start of the load to the first fault (to the end of the load without a fault)
//   stopped  the longest gap without a committed write that ends after the first fault
//            (interruptions.h), clipped to begin no earlier than that fault
//   after    from the end of that gap to the end of the load
//
// The first fault is the earlier of: the first event inside the load that a fault of the scenario
// caused, and the first death of a node. A phase includes its start and excludes its end; the last
// phase includes the end of the load. The time between the first fault and the gap is in no phase.
//
// An operation's latency belongs to the phase of its intended start, so a write that waited through
// the outage does not count as healthy. A phase's rate counts the answers that arrived in the
// phase.
#pragma once

#include <cstdint>
#include <optional>

#include "protos/report.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct PhaseBounds {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
  bool with_end = false;  // end_ns itself belongs to the phase
  bool Contains(int64_t time_ns) const {
    return time_ns >= begin_ns && (time_ns < end_ns || (with_end && time_ns == end_ns));
  }
};

// A phase of length zero is absent. All three are absent if the load has length zero.
struct LoadPhases {
  std::optional<PhaseBounds> healthy;
  std::optional<PhaseBounds> stopped;
  std::optional<PhaseBounds> after;
};
LoadPhases FindPhases(const Recording& recording);

// When the first fault happened; absent if none happened inside the load.
std::optional<int64_t> FirstFault(const Recording& recording);

proto::RunReport::Phases MeasurePhases(const Recording& recording, const LoadPhases& phases);

}  // namespace replsim
