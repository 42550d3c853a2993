// Lists the directed links that a fault affects. Pure.
#pragma once

#include <utility>
#include <vector>

#include "common/base/ids.h"
#include "protos/scenario.pb.h"

namespace replsim {

std::vector<std::pair<NodeId, NodeId>> LinksOf(const proto::Fault& fault, bool both_ways);

// Returns an `isolate` fault of `node` as the partition of `node` from all other `ends`, and any
// other fault unchanged.
proto::Fault AsPartition(proto::Fault fault, const NodeId& node, const std::vector<NodeId>& ends);

}  // namespace replsim
