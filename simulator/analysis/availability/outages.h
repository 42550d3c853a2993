// Changes of leadership, and where the write outage of a failover begins and ends. RTO, the
// failover count, the parts of an outage, the RPO in ms and the cause named for a lost write all
// use these definitions.
//
// A change of leadership is a pair of consecutive leaderships, leaving out every leadership that a
// newer one superseded before it began. The change begins at the first that exists of:
//   1. PROMOTE_BEGIN of the new leadership (promotions.h)
//   2. kStands of the new primary, or of the witness that picked it, for the epoch that it leads,
//   if
//      it was elected
//   3. kStarted of the new leadership, if the same node was restarted as primary
//   4. the start of the new leadership
// A leadership was elected if its node recorded kElected for its epoch.
//
// The old leadership was stopped by a fault if
//   - the fault is the death or a pause of its primary; or
//   - the fault is a demotion (DEMOTED) during which its primary stopped leading (kStepsDown). It
//     is in force from that record on; or
//   - the fault is of any other kind but a clock fault, on any node or link, and
//     a write was invoked after the fault began and before both the next such fault and the change,
//     and the old leadership committed none of the writes that were invoked after the fault began.
// Faults that overlap form a chain: each is in force when the next begins, and the last is in force
// when the change begins. The old leadership counts as stopped from the start of the chain. A fault
// that stops no write therefore never begins an outage, and a fault that stops writes through the
// gate (a dead replica, a hanging disk) does. A fault that began before the leadership counts from
// the start of the leadership. A death of the old primary stays in force up to a change by
// election, even if the node was restarted meanwhile: with elections a restarted node does not
// lead.
//
// A change is planned (a switchover) if the old leadership was not stopped, another node leads
// next, neither direction of the link between the two nodes was partitioned when the change began,
// and the new primary was promoted by a fault, or handed the lead, or not elected. It was handed
// the lead if the old primary told it to stand (kHandsOver) and, up to the change, committed no
// write that was invoked later. Every other change is a failover. An election that the nodes began
// without the primary is therefore a failover even if nothing had stopped it (elections.h says when
// it was wasted).
//
// The outage of a failover
//   ends    at the first answer of a newer leadership during the load that told a client of a
//           commit; if there is none, at the end of the load, and the length is a lower bound:
//           after the load all faults are healed. An answer is of the write's own leadership, or of
//           a later one of the node that answered: a new primary answers a retry of a write that it
//           has inherited
//   begins  at the instant the old leadership stopped; if it did not, at its last answer of a
//           commit before the end; if neither exists, at the start of the old leadership or of the
//           load, whichever is later
// Answers of the old leadership in between divide it, and the longest part counts (the last of
// equal ones): answers on their way arrive after the stop, and a primary that was only paused
// answers the requests in its sockets when it goes on.
// If the leadership changed only after the load, there is an outage only if the old leadership had
// stopped before: by a fault, or because it was fenced or stepped down (tenures.h).
// It is never longer than the longest gap without a committed write. It is an outage of the whole
// cluster: in a split brain the clients of the old primary see none.
//
// outage_parts.h splits an outage into its parts.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/analysis/availability/outage_parts.h"
#include "simulator/analysis/evidence/election_records.h"
#include "simulator/analysis/evidence/fault_intervals.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct WriteOutage {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
  bool at_least = false;             // the outage outlasted the load: a lower bound
  std::optional<OutageParts> parts;  // absent if no promotion or election led to the first write

  int64_t length() const { return end_ns - begin_ns; }
};

struct LeadershipChange {
  size_t old_index = 0;  // into LeadershipHistory::leaderships()
  size_t new_index = 0;
  int64_t begin_ns = 0;               // of the change
  bool promoted = false;              // by PROMOTE_BEGIN, at begin_ns
  bool elected = false;               // by the nodes; it stood at begin_ns unless `promoted`
  bool handed_over = false;           // by the old primary, after which it accepted no write
  std::optional<int64_t> stopped_ns;  // when the old leadership stopped; absent: it did not
  bool planned = false;
  std::optional<WriteOutage> outage;  // of a failover; absent if writes went on up to its end
};

// In order of epoch.
std::vector<LeadershipChange> FindLeadershipChanges(const Recording& recording,
                                                    const LeadershipHistory& leadership_history,
                                                    const std::vector<FaultInterval>& faults,
                                                    const ElectionRecords& elections);

}  // namespace replsim
