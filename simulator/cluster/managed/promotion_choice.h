// Which replica a promotion of the best one takes.
#pragma once

#include "simulator/cluster/seam/run_cluster.h"

namespace replsim {

// The most up-to-date replica: the one whose log ends last, by epoch and then by LSN, among those
// that answered and have not failed; of equals the first. Empty: there is none. It does not matter
// what a replica has flushed: a mode may have acknowledged what the replica had only received, and
// a promotion flushes that first.
NodeId BestReplica(const RunCluster::Statuses& statuses);

// How long a promotion of the best waits for the candidates to describe themselves. The primary is
// no candidate and is not asked: its disk or its machine may be what the promotion is for.
inline constexpr Nanos kCandidatePatience = Millis(1000);

}  // namespace replsim
