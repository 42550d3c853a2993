// What the knobs of a scenario mean for Redis 7: lines of redis.conf, and the WAIT that follows a
// write. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/cluster/systems/system_kinds.h"

namespace replsim {

struct RedisSettings {
  // Lines of redis.conf, without those of a single node (port, dir).
  std::vector<std::pair<std::string, std::string>> lines;
  // WAIT replicas timeout after each write. Absent: a write is acknowledged once it has been
  // executed.
  struct Wait {
    uint32_t replicas = 0;
    int64_t timeout_ms = 0;  // 0: waits indefinitely
  };
  std::optional<Wait> wait;
};

// Appends what Redis does not have. `scenario` is resolved.
void RefuseForRedis(const proto::Scenario& scenario, std::vector<SystemRefusal>* refusals);

// For a scenario that RefuseForRedis does not refuse.
RedisSettings RedisSettingsOf(const proto::Scenario& scenario);

}  // namespace replsim
