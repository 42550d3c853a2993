// What a scenario tells each of its nodes, the same in every runtime.
#pragma once

#include "common/base/ids.h"
#include "protos/control.pb.h"
#include "protos/scenario.pb.h"

namespace replsim {

// The knobs, times and durability of `node`, and whether it records. `scenario` is resolved.
void SetKnobs(const proto::Scenario& scenario, const NodeId& node, proto::NodeConfig* config);

}  // namespace replsim
