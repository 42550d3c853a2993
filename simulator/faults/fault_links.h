// Lists the directed links that a fault affects.
#pragma once

#include <utility>
#include <vector>

#include "common/base/ids.h"
#include "protos/scenario.pb.h"

namespace replsim {

std::vector<std::pair<NodeId, NodeId>> LinksOf(const proto::Fault& fault, bool both_ways);

}  // namespace replsim
