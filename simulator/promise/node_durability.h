// The durability settings of one node: the cluster's settings, overridden by those of the node and
// by those of its role.
//
// From weakest to strongest: cluster.durability, cluster.durability.replica,
// cluster.nodes.NODE.durability, cluster.nodes.NODE.durability.replica. The `replica` parts count
// only while the node is a replica.
#pragma once

#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"

namespace replsim {

// `cluster` must be resolved. The result has no `replica` part.
proto::Durability DurabilityAsPrimary(const proto::Cluster& cluster, absl::string_view node);
proto::Durability DurabilityAsReplica(const proto::Cluster& cluster, absl::string_view node);

}  // namespace replsim
