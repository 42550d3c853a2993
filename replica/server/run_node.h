// The process of a node, in either role. Both programs run it; they differ in the role with which a
// node begins if its configuration names none.
#pragma once

#include "absl/status/status.h"
#include "protos/control.pb.h"

namespace replsim {

// The role with which the node begins: that of the configuration, or else that of its program.
proto::NodeConfig::Role RoleOf(const proto::NodeConfig& config, proto::NodeConfig::Role program);

// Runs the node until Control.Shutdown. InvalidArgument if the configuration is wrong.
absl::Status RunNode(const proto::NodeConfig& config, proto::NodeConfig::Role program);

}  // namespace replsim
