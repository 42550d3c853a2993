// What a change of leadership left behind, of every leadership that began inside the load but the
// first; the report has the longest of each.
//
//   redundancy       from its beginning to the first commit of a write of its own at which it was
//                    not degraded: then its sync set had been met again. Only under a gate that
//                    waits for replicas; a leadership that a newer one ended before has none, the
//                    last one that has none is counted as never
//   newest survivor  how long before its beginning the newest write that it took over had been
//                    appended by the primary of that write's epoch: as old is what it begins with
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/analysis/evidence/workload_facts.h"
#include "simulator/recording/recording.h"

namespace replsim {

proto::RunReport::Recovery MeasureRecovery(const Recording& recording, const Lineages& lineages,
                                           const WorkloadFacts& facts);

}  // namespace replsim
