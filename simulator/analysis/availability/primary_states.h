// In which state the cluster took writes, and for how long of the load:
//
//   protected   a primary leads and runs (leading_intervals.h) under a gate of replicas, and has
//               neither degraded nor begun to reject. Writes may wait all the same
//   degraded    on_timeout: degrade, from kDegraded to kProtected in its trace: it answers after
//   its
//               own log alone
//   rejecting   on_timeout: reject, the same: it refuses new writes
//   unguarded   it leads and runs under a gate that waits for no replica
//   no primary  the rest: nobody leads, or who led last is dead
//
// Absent: the recording does not say under which gate, or a primary of the load left no trace.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/analysis/evidence/workload_facts.h"
#include "simulator/recording/recording.h"

namespace replsim {

proto::RunReport::PrimaryStates MeasurePrimaryStates(const Recording& recording,
                                                     const Lineages& lineages,
                                                     const WorkloadFacts& facts);

}  // namespace replsim
