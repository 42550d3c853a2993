// How well the cluster recovered from each change of leadership. Covers every leadership that began
// inside the load except the first; the report has the longest value of each measure.
//
//   redundancy       from the start of the leadership to the first commit of one of its own writes
//                    while not degraded, which shows that its sync set was met again. With an
//                    in-sync set, which may be the primary alone, a replica must have the write.
//                    Only measured if the gate waits for replicas. A leadership that a newer one
//                    superseded first is left out; the last leadership without such a commit counts
//                    as `never`
//   newest survivor  age, at the start of the leadership, of the newest write that it took over:
//                    the time since the primary of that write's epoch appended it
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/evidence/workload_facts.h"
#include "simulator/recording/recording.h"

namespace replsim {

proto::Recovery MeasureRecovery(const Recording& recording,
                                const LeadershipHistory& leadership_history,
                                const WorkloadFacts& facts);

}  // namespace replsim
