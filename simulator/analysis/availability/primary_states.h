// How long of the load the primary was in each state of protection. "Leads" means that a primary
// leads and runs (leading_intervals.h).
//
//   protected   leads, its gate waits for replicas, and it has neither degraded nor started to
//               reject. Writes may still have to wait
//   degraded    on_timeout: degrade, between kDegraded and kProtected in its trace: it acknowledges
//               a write after its own log alone
//   rejecting   on_timeout: reject, between the same records: it rejects new writes
//   unguarded   leads under a gate that waits for no replica
//   no primary  the rest of the load: no node leads, or the last leader is dead
//
// Beside these, with sync_set: in-sync:
//
//   short set   leads, and the set that the witnesses store has fewer replicas than it wants
//
// A state is absent if the recording lacks the gate's settings, or if a primary left no trace.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/evidence/workload_facts.h"
#include "simulator/recording/recording.h"

namespace replsim {

proto::RunReport::PrimaryStates MeasurePrimaryStates(const Recording& recording,
                                                     const LeadershipHistory& leadership_history,
                                                     const WorkloadFacts& facts);

}  // namespace replsim
