// Replication lag: how far a stage of a node was behind the log of the current primary, at every
// instant of a run, in entries, bytes and time.
//
// The lag is computed exactly from the step functions of the stage traces; nothing is sampled. Time
// lag is the age of the oldest entry that the primary had appended and the stage had not reached.
// It is 0 if no entry is missing, however idle the primary is, and it grows while the node is
// paused or partitioned. A curve continues while its node is down; the report's lag covers only the
// time in which the node was up (WhileUp).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/stats/histogram.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/evidence/node_times.h"
#include "simulator/analysis/evidence/stages.h"

namespace replsim {

// Lag of a stage, valid from `time_ns` to the next point.
struct LagPoint {
  int64_t time_ns = 0;
  bool known = false;  // false: the node leads, has no trace yet, or no leader is known
  uint64_t lsn = 0;    // the part of the primary's log that the stage had reached
  uint64_t entries = 0;
  uint64_t bytes = 0;
  int64_t oldest_ns = 0;  // when the oldest missing entry was appended; only where entries > 0
};
using LagCurve = std::vector<LagPoint>;  // ascending time

struct LagAt {
  uint64_t entries = 0;
  uint64_t bytes = 0;
  int64_t time_ns = 0;
};

LagCurve BuildLagCurve(const LeadershipHistory& leadership_history, size_t node,
                       const StepFunction<StagePosition>& stage);

// The same curve, unknown while the node was down (WhileUp) or while it was up (WhileDown).
LagCurve WhileUp(const LagCurve& curve, const TimeRanges& down);
LagCurve WhileDown(const LagCurve& curve, const TimeRanges& down);

// Lag at an instant; absent if it is unknown. O(log n) per call; SampleLag is faster for many
// instants.
std::optional<LagAt> LagOf(const LagCurve& curve, int64_t time_ns);
std::vector<std::optional<LagAt>> SampleLag(const LagCurve& curve, int64_t begin_ns, int64_t end_ns,
                                            int64_t step_ns);

// Distributions over [begin_ns, end_ns), each value weighted by its duration; time in ns.
struct LagSummary {
  Histogram entries;
  Histogram bytes;
  Histogram time_ns;
  std::optional<LagAt> last;  // at end_ns
};
LagSummary SummarizeLag(const LagCurve& curve, int64_t begin_ns, int64_t end_ns);

// Total length in ns of the intervals within [begin_ns, end_ns) that are longer than `patience_ns`
// and in which entries were missing and the stage did not advance.
int64_t StalledFor(const LagCurve& curve, int64_t begin_ns, int64_t end_ns, int64_t patience_ns);

}  // namespace replsim
