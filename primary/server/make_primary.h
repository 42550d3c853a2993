// A primary's core from a node's configuration: at the start of replsim-primary, and when a replica
// is promoted.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "primary/core/primary_core.h"
#include "protos/control.pb.h"

namespace replsim {

// Knobs, durability, heartbeats and the other nodes, as the configuration has them.
absl::StatusOr<PrimaryOptions> ToPrimaryOptions(const proto::NodeConfig& config);

// A primary program from its configuration file to its end. Returns its exit status.
absl::Status RunPrimary(const proto::NodeConfig& config);

}  // namespace replsim
