// When each node was down, paused or leading. A paused or partitioned node is not down.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/analysis/evidence/fault_intervals.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/recording/recording.h"

namespace replsim {

// If several apply, the first in this order is the state. lag.csv shows its name.
enum class RecordedState { kDown, kPaused, kLeading, kUp };
const char* Name(RecordedState state);  // down, paused, leading, up

struct TimeRange {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;  // kNeverNs: did not end
};
using TimeRanges = std::vector<TimeRange>;  // ascending, disjoint, none empty

// Sorts the intervals, and merges those that overlap or touch.
TimeRanges Merged(TimeRanges intervals);
bool Contains(const TimeRanges& intervals, int64_t time_ns);
// Total length in ns of [begin_ns, end_ns) that the intervals cover.
int64_t LengthWithin(const TimeRanges& intervals, int64_t begin_ns, int64_t end_ns);

class NodeTimes {
 public:
  // Keeps a reference to `leadership_history`.
  NodeTimes(const Recording& recording, const LeadershipHistory& leadership_history,
            const std::vector<FaultInterval>& faults);

  // Down: before the node's first start, and from each death to the next start (fault_intervals.h).
  const TimeRanges& down(size_t node) const { return down_[node]; }
  const TimeRanges& paused(size_t node) const { return paused_[node]; }
  // A node is leading if the highest epoch that had begun at `time_ns` is the node's own.
  RecordedState StateAt(size_t node, int64_t time_ns) const;

 private:
  const LeadershipHistory& lineages_;
  std::vector<TimeRanges> down_;
  std::vector<TimeRanges> paused_;
};

}  // namespace replsim
