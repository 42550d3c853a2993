// How long each node took itself for the primary. A tenure begins when the node begins to lead
// (kLeads) and ends at the first of: the node learns of a higher epoch (kFenced), it steps down
// (kStepsDown), it dies, it starts again, it begins to lead anew. A newer leadership of another
// node does not end it, so the tenures of two nodes may overlap. A paused node keeps its tenure.
// Leaderships that left no trace have no tenure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "simulator/analysis/evidence/fault_intervals.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/recording/recording.h"

namespace replsim {

enum class TenureEnd { kNone, kFenced, kSteppedDown, kDied };
const char* Name(TenureEnd end);  // fenced, stepped down, died; kNone: empty

struct Tenure {
  size_t leadership = 0;  // index into LeadershipHistory::leaderships()
  size_t node = 0;
  uint64_t epoch = 0;
  int64_t begin_ns = 0;
  int64_t end_ns = 0;  // kNeverNs: it had not ended when the recording did
  TenureEnd ended = TenureEnd::kNone;

  bool Contains(int64_t time_ns) const { return begin_ns <= time_ns && time_ns < end_ns; }
};

// In order of epoch.
std::vector<Tenure> FindTenures(const Recording& recording,
                                const LeadershipHistory& leadership_history,
                                const std::vector<FaultInterval>& faults);

}  // namespace replsim
