// What a primary's core is told, from a node's configuration: the same in every runtime.
#pragma once

#include "absl/status/statusor.h"
#include "primary/core/primary_core.h"
#include "protos/control.pb.h"

namespace replsim {

// Knobs, durability, heartbeats and the other nodes, as the configuration has them: for a node that
// leads from its start.
absl::StatusOr<PrimaryOptions> ToPrimaryOptions(const proto::NodeConfig& config);

// The same for one that is promoted, with the replicas that are known to follow it.
PrimaryOptions Promoted(PrimaryOptions options, std::vector<NodeId> followers);

}  // namespace replsim
