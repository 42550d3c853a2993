// Whether the cluster has come to rest on one history, from what its nodes say of themselves.
#pragma once

#include <string>

#include "simulator/cluster/seam/run_cluster.h"

namespace replsim {

// A node that answers and leads an epoch which is over (fenced, or not yet told); empty: none.
NodeId LedBefore(const RunCluster::Statuses& statuses, const NodeId& primary);
// Whether the node to lead has been told of an epoch that nobody leads: a promotion has failed.
bool IsFenced(const RunCluster::Statuses& statuses, const NodeId& primary);
// Whether the node to lead runs as a replica, and no primary exists that it could follow.
bool FollowsNobody(const RunCluster::Statuses& statuses, const NodeId& primary);

// Whether every node that answered holds what the primary holds and shows what it may.
struct Rest {
  std::string why_not;  // which node does not, and why; empty: the cluster has converged
  // Of a cluster that has: which gate cannot be reached while this primary leads, and how many
  // entries are not shown for that. Empty: every entry is shown everywhere.
  std::string withheld;
};
// `spec` is resolved. Digests are compared only between nodes that have applied the same position.
Rest JudgeRest(const RunCluster::Statuses& statuses, const NodeId& primary,
               const proto::ReplicationSpec& spec);

}  // namespace replsim
