// Writes that were acknowledged before they were safe: not flushed on their primary, or received by
// no replica. io.h has the definitions.
#pragma once

#include <cstdint>
#include <vector>

#include "common/stats/histogram.h"
#include "simulator/analysis/lineage.h"
#include "simulator/recording/recording.h"

namespace replsim {

// From `time_ns` to the next point, of whichever primary leads.
struct AckedPoint {
  int64_t time_ns = 0;
  bool known = false;  // false: the primary left no trace
  uint64_t acked = 0;
  uint64_t flushed = 0;
  int64_t oldest_ns = 0;  // when the oldest write in between was acknowledged; only where any is
};
std::vector<AckedPoint> AckedCurve(const Recording& recording, const Lineages& lineages);

// Over [begin, end), weighted by time.
struct Exposure {
  Histogram entries;
  Histogram time_ns;
};
Exposure SummarizeExposure(const std::vector<AckedPoint>& curve, int64_t begin_ns, int64_t end_ns);

// Acknowledged writes that no replica had received, over [begin, end), weighted by time; empty
// where there is no replica that left a trace.
Histogram Unreplicated(const Recording& recording, const Lineages& lineages,
                       const std::vector<AckedPoint>& acked, int64_t begin_ns, int64_t end_ns);

}  // namespace replsim
