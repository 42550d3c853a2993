// The nodes of a cluster that the simulator runs.
#pragma once

#include <vector>

#include "common/base/ids.h"
#include "protos/scenario.pb.h"

namespace replsim {

// p, r1, … rN; the first one is the primary at the start.
std::vector<NodeId> NodesOf(const proto::Cluster& cluster);

}  // namespace replsim
