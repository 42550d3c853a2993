// Faults, node states, elections, changes of leadership and losses of one run, computed once and
// shared by all analyses that need them.
#pragma once

#include <vector>

#include "simulator/analysis/availability/losses.h"
#include "simulator/analysis/availability/outages.h"
#include "simulator/analysis/evidence/election_records.h"
#include "simulator/analysis/evidence/fault_intervals.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/evidence/node_times.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct OutageTable {
  // Keeps references to both arguments.
  OutageTable(const Recording& recording, const LeadershipHistory& leadership_history)
      : faults(FindFaultIntervals(recording)),
        times(recording, leadership_history, faults),
        elections(recording),
        changes(FindLeadershipChanges(recording, leadership_history, faults, elections)),
        losses(recording, leadership_history, faults, changes) {}
  OutageTable(const OutageTable&) = delete;  // losses refers to faults and changes
  OutageTable& operator=(const OutageTable&) = delete;

  const std::vector<FaultInterval> faults;
  const NodeTimes times;
  const ElectionRecords elections;
  const std::vector<LeadershipChange> changes;
  const Losses losses;
};

}  // namespace replsim
