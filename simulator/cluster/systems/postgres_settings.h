// What the knobs of a scenario mean for PostgreSQL 15: settings of postgresql.conf. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/cluster/systems/system_kinds.h"

namespace replsim {

// The settings of every node, alike in both roles: name and value without quotes. Those of a single
// node (port, primary_conninfo, cluster_name) are not among them.
struct PostgresSettings {
  std::vector<std::pair<std::string, std::string>> settings;
};

// Appends what PostgreSQL does not have. `scenario` is resolved.
void RefuseForPostgres(const proto::Scenario& scenario, std::vector<SystemRefusal>* refusals);

// For a scenario that RefuseForPostgres does not refuse.
PostgresSettings PostgresSettingsOf(const proto::Scenario& scenario);

// A value as it stands in postgresql.conf: 'it''s'.
std::string PostgresQuoted(absl::string_view value);

}  // namespace replsim
