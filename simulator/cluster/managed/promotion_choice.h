// Chooses the replica for a promotion of `best`.
#pragma once

#include "simulator/cluster/seam/run_cluster.h"

namespace replsim {

// Returns the most up-to-date replica: the one whose log ends last (by epoch, then by LSN) among
// those that answered and have not failed; the first one among equals. Empty if there is none.
// Flushed positions do not matter: a mode may have acknowledged what a replica had only received,
// and a promotion flushes the log first.
NodeId BestReplica(const RunCluster::Statuses& statuses);

// How long a promotion of `best` waits for the candidates to answer. The primary is not asked: its
// disk or its host may be the reason for the promotion.
inline constexpr Nanos kCandidatePatience = Millis(1000);

}  // namespace replsim
