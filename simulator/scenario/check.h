// Refuses combinations that cannot work or cannot have their stated effect, in a scenario whose
// defaults are filled in. Each mistake points at the key that must change. Pure.
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
constexpr uint32_t kMaxWitnesses = 100;
constexpr double kMaxScaleTimes = 1000;

void CheckScenario(const proto::Scenario& scenario, const Places& places, Mistakes* mistakes);
// Refuses what needs a capability that `cluster` does not have.
void CheckCapabilities(const proto::Scenario& scenario, const Places& places,
                       const ClusterKind& cluster, Mistakes* mistakes);
// Refuses what the servers of cluster.system cannot do (simulator/cluster/systems).
void CheckSystem(const proto::Scenario& scenario, const Places& places, Mistakes* mistakes);
// Returns whether the scenario passes CheckScenario.
bool IsValidScenario(const proto::Scenario& scenario);

// Checks the expectations against the names of the variants. Without `variants` every name is
// accepted.
void CheckExpectations(const proto::Scenario& scenario,
                       const std::optional<std::vector<std::string>>& variants,
                       const Places& places, Mistakes* mistakes);

// Returns "r1" … "rN".
std::vector<std::string> ReplicaIds(const proto::Scenario& scenario);
// Returns "p" and the replicas.
std::vector<std::string> NodeIds(const proto::Scenario& scenario);
std::vector<std::string> WitnessIds(const proto::Scenario& scenario);
std::vector<std::string> VoterIds(const proto::Scenario& scenario);  // the nodes and the witnesses
// Returns the name of the clients of a group that is a site: client@NAME.
std::string ClientsOf(const proto::Group& group);
// Returns the link ends at which clients sit: "client", or one per site.
std::vector<std::string> ClientEnds(const proto::Cluster& cluster);
// Returns every valid end of a link: nodes and clients.
std::vector<std::string> EndIds(const proto::Scenario& scenario);

}  // namespace replsim
