// The process of a node, in either role. Both programs run it. They differ in the role that a node
// has if its configuration names none.
#pragma once

#include "absl/status/status.h"
#include "protos/control.pb.h"

namespace replsim {

// The role with which the node begins: that of the configuration, or `program` if it names none.
proto::NodeConfig::Role RoleOf(const proto::NodeConfig& config, proto::NodeConfig::Role program);

// Runs the node until Control.Shutdown or SIGTERM, and then shuts it down in order. InvalidArgument
// if the configuration is wrong.
absl::Status RunNode(const proto::NodeConfig& config, proto::NodeConfig::Role program);

}  // namespace replsim
