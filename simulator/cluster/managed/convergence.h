// Judges from the nodes' statuses whether the cluster has converged: every node holds the primary's
// log and shows every entry that it may show. Pure.
#pragma once

#include <string>

#include "simulator/cluster/seam/run_cluster.h"

namespace replsim {

// Returns a node that answers as a primary but is not `primary`: its epoch is over, whether or not
// it has been fenced. Empty if there is none.
NodeId LedBefore(const RunCluster::Statuses& statuses, const NodeId& primary);
// Returns whether `primary` runs as a primary and is fenced by a higher epoch. This happens after a
// failed promotion.
bool IsFenced(const RunCluster::Statuses& statuses, const NodeId& primary);
// Returns whether `primary` runs as a replica that follows no node.
bool FollowsNobody(const RunCluster::Statuses& statuses, const NodeId& primary);

// Result of JudgeRest.
struct Rest {
  std::string why_not;  // the nodes that have not converged, and why; empty if all have
  // Set only if the cluster has converged: the gate that cannot be reached while this primary
  // leads, and how many entries are hidden behind it. Empty if every entry is shown on every node.
  std::string withheld;
};
// `spec` is resolved. A node that did not answer has not converged. Digests are compared only
// between nodes that have applied the same position.
Rest JudgeRest(const RunCluster::Statuses& statuses, const NodeId& primary,
               const proto::ReplicationSpec& spec);

}  // namespace replsim
