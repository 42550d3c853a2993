// When each node was down, paused and leading. A node that is paused or cut off is up.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/analysis/evidence/fault_intervals.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/recording/recording.h"

namespace replsim {

// The word for each is in lag.csv; the first that holds is the state.
enum class RecordedState { kDown, kPaused, kLeading, kUp };
const char* Name(RecordedState state);  // down, paused, leading, up

struct TimeRange {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;  // the end of time where nothing ended it
};
using TimeRanges = std::vector<TimeRange>;  // ascending, disjoint, none empty

// Sorted, and those that overlap or touch made one.
TimeRanges Merged(TimeRanges intervals);
bool Contains(const TimeRanges& intervals, int64_t time_ns);
// How much of [begin, end) they cover.
int64_t LengthWithin(const TimeRanges& intervals, int64_t begin_ns, int64_t end_ns);

class NodeTimes {
 public:
  // Keeps a reference to `lineages`.
  NodeTimes(const Recording& recording, const Lineages& lineages,
            const std::vector<FaultInterval>& faults);

  // Down: before its first start, and from each death to the next start (fault_intervals.h).
  const TimeRanges& down(size_t node) const { return down_[node]; }
  const TimeRanges& paused(size_t node) const { return paused_[node]; }
  // Leading: the newest epoch that had begun by then is this node's.
  RecordedState StateAt(size_t node, int64_t time_ns) const;

 private:
  const Lineages& lineages_;
  std::vector<TimeRanges> down_;
  std::vector<TimeRanges> paused_;
};

}  // namespace replsim
