// Replication lag: how far a stage of a node was behind what the leading primary had appended, at
// every instant of a run, in entries, bytes and time. Computed from the step functions of the stage
// traces; nothing is sampled. Time lag is the age of the oldest entry that the reference had
// appended and the stage had not reached: 0 when none is missing, however idle the primary; growing
// when the node is paused or cut off. A curve goes on while its node is down; lag as the report
// states it is of the time in which the node was up (WhileUp).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/stats/histogram.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/analysis/evidence/node_times.h"
#include "simulator/analysis/evidence/stages.h"

namespace replsim {

// Lag from `time_ns` to the next point.
struct LagPoint {
  int64_t time_ns = 0;
  bool known = false;  // false: the node leads, or left no trace yet, or no leader is known
  uint64_t lsn = 0;    // how much of the reference's log the stage had reached
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

LagCurve BuildLagCurve(const Lineages& lineages, size_t node,
                       const StepFunction<StagePosition>& stage);

// The same curve, not known while the node was down; and the rest of it.
LagCurve WhileUp(const LagCurve& curve, const TimeRanges& down);
LagCurve WhileDown(const LagCurve& curve, const TimeRanges& down);

// Lag at an instant; nothing where it is not known. Searches; SampleLag is for many instants.
std::optional<LagAt> LagOf(const LagCurve& curve, int64_t time_ns);
std::vector<std::optional<LagAt>> SampleLag(const LagCurve& curve, int64_t begin_ns, int64_t end_ns,
                                            int64_t step_ns);

// Distribution over [begin, end), every value weighted with how long it lasted; time in ns.
struct LagSummary {
  Histogram entries;
  Histogram bytes;
  Histogram time_ns;
  std::optional<LagAt> last;  // at `end`
};
LagSummary SummarizeLag(const LagCurve& curve, int64_t begin_ns, int64_t end_ns);

// Total length of the stretches of [begin, end) in which entries were missing and none was reached
// for longer than `patience_ns`.
int64_t StalledFor(const LagCurve& curve, int64_t begin_ns, int64_t end_ns, int64_t patience_ns);

}  // namespace replsim
