// Where an outage of writes begins and ends: the one definition. RTO, failovers, their parts, RPO
// in ms and the cause named for a lost write follow from it.
//
// A change of leadership is a leadership that was superseded by none before it began, and the
// next such one. It begins with PROMOTE_BEGIN of the new leadership; where a primary started again
// in its role, with that start (kStarted); otherwise when the new leadership began.
//
// What stopped the old leadership. A fault counts if
//   its primary was down or paused; or
//   it is any other fault, on whatever node or link (clocks excepted), after whose beginning a
//   write was invoked, before the next such fault and before the change, and of the writes invoked
//   after its beginning the old leadership had committed none when the change began.
// The old leadership was stopped from the beginning of the earliest in the chain of such faults
// that overlap up to the change (each in force when the next begins, the last when the change
// does). So a fault that stopped nothing never begins an outage, and one that stopped writes by way
// of the gate (a replica's death, a hanging disk) does. What began before the leadership counts
// from the leadership's beginning.
//
// Planned: the old leadership was not stopped, another node leads next, and no link between the two
// was cut in either direction when the change began. Every other change is a failover.
//
// The outage of a failover
//   ends    with the first write that a client was told committed in a newer epoch than the old
//           one's; with the load where there is none, and then it is a lower bound
//   begins  when the old leadership was stopped, or with the last committed write before that end,
//           whichever is later: answers on their way still arrive. With neither, when the old
//           leadership began
// so it is never longer than the longest time without a committed write. It is of the cluster: in a
// split brain the old primary's own clients see none. Its parts add up to it: detect ends with
// PROMOTE_BEGIN of the leadership that committed that first write, promote with its PROMOTED (with
// the write itself where the supervisor learned of the promotion later), each moved into the outage
// where it lies outside.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/analysis/evidence/fault_intervals.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct OutageParts {
  int64_t detect_ns = 0;
  int64_t promote_ns = 0;
  int64_t first_write_ns = 0;
};

struct WriteOutage {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
  bool at_least = false;             // had not ended when the load did
  std::optional<OutageParts> parts;  // absent where nobody was promoted

  int64_t length() const { return end_ns - begin_ns; }
};

struct LeadershipChange {
  size_t old_index = 0;  // into Lineages::leaderships()
  size_t new_index = 0;
  int64_t begin_ns = 0;               // of the change
  bool promoted = false;              // by PROMOTE_BEGIN, at begin_ns
  std::optional<int64_t> stopped_ns;  // since when the old leadership had been stopped
  bool planned = false;
  std::optional<WriteOutage> outage;  // of a failover; absent where the load had ended before
};

// In order of epoch.
std::vector<LeadershipChange> FindLeadershipChanges(const Recording& recording,
                                                    const Lineages& lineages,
                                                    const std::vector<FaultInterval>& faults);

}  // namespace replsim
