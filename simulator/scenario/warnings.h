// Finds settings that are valid but probably not intended. They are reported with their place and
// do not stop a run. Pure.
#pragma once

#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/scenario/mistakes.h"
#include "simulator/scenario/yaml_reader.h"

namespace replsim {

// The scenario is resolved and has no mistakes. The only warning so far: after a promotion the sync
// set cannot be reached, because it names the node that leads then.
std::vector<Mistake> FindWarnings(const proto::Scenario& scenario, const Places& places);

}  // namespace replsim
