// Derives the capabilities that a scenario needs, and refuses a scenario that needs more than its
// cluster has. The loader refuses with the place in the file (simulator/scenario/scenario.h). A run
// checks again before it starts anything, because scenarios also come from elsewhere. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/seam/capabilities.h"

namespace replsim {

// A kind of cluster, as far as the loader must know it.
struct ClusterKind {
  std::string name;  // as in messages: "redis"
  CapabilitySet capabilities;
};

// A key of the scenario that needs a capability.
struct Need {
  Capability capability;
  std::string path;  // the key's path: "faults[0].do", "workload.style"
  std::string what;  // the key and its value: "do: slow-disk"
};

// Returns the needs in the order of the scenario's keys. `scenario` is resolved.
std::vector<Need> NeedsOf(const proto::Scenario& scenario);
// Returns the needs that `capabilities` does not cover.
std::vector<Need> UnmetNeeds(const proto::Scenario& scenario, const CapabilitySet& capabilities);
// Returns the reason and the nearest alternative that the cluster has: "faults[0].point needs
// failpoints, which a toy cluster does not have; …".
std::string RefusalText(const Need& need, const ClusterKind& cluster);

// INVALID_ARGUMENT with one line per unmet need; OK if there is none.
absl::Status CheckNeeds(const proto::Scenario& scenario, const ClusterKind& cluster);

}  // namespace replsim
