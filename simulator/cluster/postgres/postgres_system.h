// PostgreSQL 15 or later behind ForeignCluster (foreign/system.h).
#pragma once

#include <memory>

#include "protos/scenario.pb.h"
#include "simulator/cluster/foreign/system.h"

namespace replsim {

// For a scenario that RefuseForPostgres does not refuse.
std::unique_ptr<ForeignSystem> NewPostgresSystem(const proto::Scenario& scenario);

}  // namespace replsim
