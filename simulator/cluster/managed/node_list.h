// The node names of a managed cluster.
#pragma once

#include <vector>

#include "common/base/ids.h"
#include "protos/scenario.pb.h"

namespace replsim {

// Returns p, r1, … rN. The first one is the primary at the start.
std::vector<NodeId> NodesOf(const proto::Cluster& cluster);
// Returns w1, … wN.
std::vector<NodeId> WitnessesOf(const proto::Cluster& cluster);

}  // namespace replsim
