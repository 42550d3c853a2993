// Writes that were acknowledged before they were safe: not flushed on their primary, or received by
// no replica. io.h has the definitions.
#pragma once

#include <cstdint>
#include <vector>

#include "common/stats/histogram.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/analysis/evidence/node_times.h"
#include "simulator/analysis/lag/lag.h"
#include "simulator/recording/recording.h"

namespace replsim {

// From `time_ns` to the next point, of whichever primary leads.
struct AckedPoint {
  int64_t time_ns = 0;
  bool known = false;  // false: the primary left no trace, or is down
  uint64_t acked = 0;
  uint64_t flushed = 0;
  int64_t oldest_ns = 0;  // when the oldest write in between was acknowledged; only where any is

  uint64_t exposed() const { return acked > flushed ? acked - flushed : 0; }
};
std::vector<AckedPoint> AckedCurve(const Recording& recording, const Lineages& lineages,
                                   const NodeTimes& times);

// Acknowledged writes that no replica had received, from `time_ns` to the next point.
struct UnreplicatedPoint {
  int64_t time_ns = 0;
  bool known = false;
  uint64_t entries = 0;
};
// What replicas had received of the leader's log, put together node by node.
class ReceivedByReplicas {
 public:
  // `receive` is the lag curve of the node's receive stage, while it was down too (lag.h).
  void Add(size_t node, const LagCurve& receive);

 private:
  friend class ReceivedWalk;
  // How much one replica had received, from `time_ns` to its next step.
  struct Step {
    int64_t time_ns = 0;
    size_t node = 0;
    uint64_t lsn = 0;
  };
  std::vector<Step> steps_;
  bool any_known_ = false;
};
// From begin to end. Empty where there is no replica that left a trace.
std::vector<UnreplicatedPoint> UnreplicatedCurve(ReceivedByReplicas received,
                                                 const std::vector<AckedPoint>& acked,
                                                 int64_t begin_ns, int64_t end_ns);
// Both, from the load's beginning to the run's end.
struct ExposureCurves {
  ExposureCurves(const Recording& recording, const Lineages& lineages, const NodeTimes& times,
                 ReceivedByReplicas received);
  std::vector<AckedPoint> acked;
  std::vector<UnreplicatedPoint> unreplicated;
};

// Over [begin, end), weighted by time.
struct ExposureSummary {
  Histogram entries;
  Histogram time_ns;
  Histogram unreplicated;
};
ExposureSummary Summarize(const ExposureCurves& curves, int64_t begin_ns, int64_t end_ns);

}  // namespace replsim
