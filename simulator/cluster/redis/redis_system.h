// Redis 7 behind ForeignCluster (foreign/system.h).
#pragma once

#include <memory>

#include "protos/scenario.pb.h"
#include "simulator/cluster/foreign/system.h"

namespace replsim {

// For a scenario that RefuseForRedis does not refuse.
std::unique_ptr<ForeignSystem> NewRedisSystem(const proto::Scenario& scenario);

}  // namespace replsim
