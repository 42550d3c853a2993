// The configuration with which a node starts, the same in every runtime.
#pragma once

#include <vector>

#include "common/base/ids.h"
#include "protos/control.pb.h"
#include "protos/scenario.pb.h"

namespace replsim {

// Returns the configuration of `node` among `nodes`. `node` takes `primary` for the primary; as a
// primary it leads an epoch of at least `epoch_floor`. `scenario` is resolved. The caller adds
// addresses, folders and secrets.
proto::NodeConfig NodeConfigOf(const proto::Scenario& scenario, const std::vector<NodeId>& nodes,
                               const NodeId& node, const NodeId& primary, Epoch epoch_floor);

}  // namespace replsim
