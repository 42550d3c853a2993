// Converts a node's configuration to the options of a primary's core. Live runs and virtual time
// both use it.
#pragma once

#include "absl/status/statusor.h"
#include "primary/core/primary_core.h"
#include "protos/control.pb.h"

namespace replsim {

// The options of a node that starts as the primary: all other nodes count in the sync set.
// InvalidArgument if a knob is missing: the configuration must be of a resolved scenario.
absl::StatusOr<PrimaryOptions> ToPrimaryOptions(const proto::NodeConfig& config);

// The options of a node that is promoted: only `followers` count in the sync set from the start,
// and the epoch is announced at once. Witnesses among the followers do not count.
PrimaryOptions Promoted(PrimaryOptions options, std::vector<NodeId> followers);

}  // namespace replsim
