// Elections of a run, and the times in which two nodes answered as the primary.
//
//   candidacies      kStands records inside the load
//   rounds lost      those after which the node recorded no kElected of the same epoch
//   step-downs       kStepsDown records inside the load
//   dual primary     time inside the load during which two nodes at once could answer as the
//                    primary: their tenures (tenures.h) overlap and neither node is paused. A
//                    primary that some or all clients cannot reach still counts
//   deposed answer   an answer that a client received from a node after a leadership of a newer
//                    epoch had begun, while the tenure of the node went on beyond both that
//                    beginning and the instant at which the operation was invoked. Answers that
//                    were on their way count. Of a write: a commit in the epoch of that tenure
//   dual acks        writes committed by a deposed answer
//   deposed stale    stale reads (staleness.h) that were a deposed answer
//
// A failover is wasted if the nodes elected a new primary, asked neither by a promote fault nor by
// the old primary (a takeover), although the old one served its clients, as far as could be known
// when it was deposed. It was deposed when the new primary stood, or when it learned of a higher
// epoch (kFenced) if that was earlier. At that instant:
//   - its tenure had not ended in another way
//   - no fault had stopped it (outages.h): it was up, not paused, and no fault kept it from
//     committing writes
//   - from at least one place of clients, neither direction of the link to it was partitioned
// Nothing that happened later counts. Only changes that begin inside the load are judged.
//
// Absent: candidacies, rounds lost and step-downs if a node left no trace; the others also if a
// leadership left none, or if none is known.
#pragma once

#include <vector>

#include "protos/report.pb.h"
#include "simulator/analysis/availability/outage_table.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/evidence/workload_facts.h"
#include "simulator/recording/recording.h"

namespace replsim {

proto::Elections MeasureElections(const Recording& recording,
                                  const LeadershipHistory& leadership_history,
                                  const OutageTable& outages, const WorkloadFacts& facts,
                                  const std::vector<const Operation*>& stale_reads);

}  // namespace replsim
