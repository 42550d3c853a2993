// Facts about a scenario that promises are derived from. Pure.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "protos/scenario.pb.h"

namespace replsim {

// "p", "r1", … of a resolved cluster.
std::vector<std::string> NodeNames(const proto::Cluster& cluster);
// Whether the scenario has a fault with one of these actions.
bool HasFault(const proto::Scenario& scenario, std::initializer_list<proto::Action> actions);
// Whether the nodes elect their primary, so that any of them may lead at any time.
bool Elects(const proto::Scenario& scenario);
// Whether every node, as the primary, flushes a write before a gate of a replica stage opens.
bool EveryPrimaryFlushes(const proto::Cluster& cluster);

}  // namespace replsim
