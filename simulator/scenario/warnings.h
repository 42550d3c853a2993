// Finds settings that are valid but probably not intended. They are reported with their place and
// do not stop a run. Pure.
#pragma once

#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/scenario/mistakes.h"
#include "simulator/scenario/yaml_reader.h"

namespace replsim {

// The scenario is resolved and has no mistakes. The warnings are about promotions and elections: a
// gate that cannot be reached because the sync set names the node that leads then, or because nodes
// never flush in their new roles, and election settings that let two nodes lead or let none be
// elected (election_warnings.h).
std::vector<Mistake> FindWarnings(const proto::Scenario& scenario, const Places& places);

}  // namespace replsim
