// Converts a node's configuration to the options of a replica's core. Live runs and virtual time
// both use it.
#pragma once

#include "absl/status/statusor.h"
#include "protos/control.pb.h"
#include "replica/core/replica_core.h"

namespace replsim {

// InvalidArgument if a knob is missing: the configuration must be of a resolved scenario.
absl::StatusOr<ReplicaOptions> ToReplicaOptions(const proto::NodeConfig& config);

}  // namespace replsim
