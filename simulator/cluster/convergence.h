// What may be concluded from what nodes say of themselves: who should be promoted, and whether the
// cluster has come to rest on one history.
#pragma once

#include <string>

#include "simulator/cluster/run_cluster.h"

namespace replsim {

// The replica whose log ends last, among those that answered and have not failed; of equals the
// first. Empty: there is none. Flushed or not: a mode may have answered for what a replica had only
// received, and a promotion flushes it first.
NodeId BestReplica(const RunCluster::Statuses& statuses);

// The highest epoch that anyone who answered knows of.
Epoch HighestEpoch(const RunCluster::Statuses& statuses);

// A node that answers and leads an epoch which is over (fenced, or not yet told); empty: none.
NodeId LedBefore(const RunCluster::Statuses& statuses, const NodeId& primary);

// Empty where every node that is up holds and shows what the primary does; else who does not.
std::string WhyNotConverged(const RunCluster::Statuses& statuses, const NodeId& primary);

}  // namespace replsim
