// What a replica's core is told, from a node's configuration: the same in every runtime.
#pragma once

#include "absl/status/statusor.h"
#include "protos/control.pb.h"
#include "replica/core/replica_core.h"

namespace replsim {

absl::StatusOr<ReplicaOptions> ToReplicaOptions(const proto::NodeConfig& config);

}  // namespace replsim
