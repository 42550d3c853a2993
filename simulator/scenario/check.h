// Refuses combinations that cannot work, or that could never do what they say, in a scenario whose
// defaults are filled in. Each mistake points at the key that must change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/cluster/seam/scenario_needs.h"
#include "simulator/scenario/mistakes.h"
#include "simulator/scenario/yaml_reader.h"

namespace replsim {

constexpr uint32_t kMaxReplicas = 10'000;
constexpr double kMaxScaleTimes = 1000;

void CheckScenario(const proto::Scenario& scenario, const Places& places, Mistakes* mistakes);
// Refuses what needs a capability that `cluster` does not have.
void CheckCapabilities(const proto::Scenario& scenario, const Places& places,
                       const ClusterKind& cluster, Mistakes* mistakes);
bool IsValidScenario(const proto::Scenario& scenario);

// The expectations, against the names of the variants there are; nothing: any name will do.
void CheckExpectations(const proto::Scenario& scenario,
                       const std::optional<std::vector<std::string>>& variants,
                       const Places& places, Mistakes* mistakes);

// "r1" … "rN".
std::vector<std::string> ReplicaIds(const proto::Scenario& scenario);
// "p", and those.
std::vector<std::string> NodeIds(const proto::Scenario& scenario);
// The clients of a group that is a site: client@NAME.
std::string ClientsOf(const proto::Group& group);
// At which ends of links clients sit: "client", or those of each site.
std::vector<std::string> ClientEnds(const proto::Cluster& cluster);
// Nodes and clients: what may be at an end of a link.
std::vector<std::string> EndIds(const proto::Scenario& scenario);

}  // namespace replsim
