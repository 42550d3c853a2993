// What of a scenario can run and is hardly meant: told with its place, and refused nowhere.
#pragma once

#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/scenario/mistakes.h"
#include "simulator/scenario/yaml_reader.h"

namespace replsim {

// Of a resolved scenario without mistakes. So far: a promotion after which the sync set cannot be
// reached, because it names the node that leads then.
std::vector<Mistake> FindWarnings(const proto::Scenario& scenario, const Places& places);

}  // namespace replsim
