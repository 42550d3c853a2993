// Curves of the writes at risk: acknowledged but not yet flushed on their primary, or not yet
// received by any replica. io.h has the definitions.
#pragma once

#include <cstdint>
#include <vector>

#include "common/stats/histogram.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/evidence/node_times.h"
#include "simulator/analysis/lag/lag.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Positions of the current primary, valid from `time_ns` to the next point.
struct AckedPoint {
  int64_t time_ns = 0;
  bool known = false;  // false: the primary left no trace or is down
  uint64_t acked = 0;
  uint64_t flushed = 0;
  int64_t oldest_ns = 0;  // when the oldest unflushed write was acknowledged; if exposed() > 0

  uint64_t exposed() const { return acked > flushed ? acked - flushed : 0; }
};
std::vector<AckedPoint> AckedCurve(const Recording& recording,
                                   const LeadershipHistory& leadership_history,
                                   const NodeTimes& times);

// Number of acknowledged writes that no replica had received, valid from `time_ns` to the next
// point.
struct UnreplicatedPoint {
  int64_t time_ns = 0;
  bool known = false;
  uint64_t entries = 0;
};
// Collects what each replica had received of the leader's log. Nodes are added one by one.
class ReceivedByReplicas {
 public:
  // `receive` is the lag curve of the node's receive stage (lag.h), including the time it was down.
  void Add(size_t node, const LagCurve& receive);

 private:
  friend class ReceivedWalk;
  // The LSN up to which one replica had received, from `time_ns` to its next step.
  struct Step {
    int64_t time_ns = 0;
    size_t node = 0;
    uint64_t lsn = 0;
  };
  std::vector<Step> steps_;
  bool any_known_ = false;
};
// Covers [begin_ns, end_ns). Empty if no replica left a trace.
std::vector<UnreplicatedPoint> UnreplicatedCurve(ReceivedByReplicas received,
                                                 const std::vector<AckedPoint>& acked,
                                                 int64_t begin_ns, int64_t end_ns);
// Both curves, from the start of the load to the end of the run.
struct ExposureCurves {
  ExposureCurves(const Recording& recording, const LeadershipHistory& leadership_history,
                 const NodeTimes& times, ReceivedByReplicas received);
  std::vector<AckedPoint> acked;
  std::vector<UnreplicatedPoint> unreplicated;
};

// Distributions over [begin_ns, end_ns), weighted by time.
struct ExposureSummary {
  Histogram entries;
  Histogram time_ns;
  Histogram unreplicated;
};
ExposureSummary Summarize(const ExposureCurves& curves, int64_t begin_ns, int64_t end_ns);

}  // namespace replsim
