// How one node flushes: the cluster's durability with what differs on that node, and while it is a
// replica.
//
// Of two settings the closer one counts: cluster.durability, then cluster.durability.replica, then
// cluster.nodes.NODE.durability, then its replica part.
#pragma once

#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"

namespace replsim {

// `cluster` is resolved. The result has no `replica` part.
proto::Durability DurabilityAsPrimary(const proto::Cluster& cluster, absl::string_view node);
proto::Durability DurabilityAsReplica(const proto::Cluster& cluster, absl::string_view node);

}  // namespace replsim
