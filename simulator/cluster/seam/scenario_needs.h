// What a scenario needs of its cluster, and the check that refuses a scenario that needs more than
// the cluster has. The loader refuses with the place in the file (simulator/scenario/scenario.h); a
// run checks again before it starts anything, for scenarios that come from elsewhere.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/seam/capabilities.h"

namespace replsim {

// A kind of cluster, as far as the loader must know it.
struct ClusterKind {
  std::string name;  // as messages have it: "redis"
  CapabilitySet capabilities;
};

// What needs a capability: a key of the scenario.
struct Need {
  Capability capability;
  std::string path;  // of the key: "faults[0].do", "workload.style"
  std::string what;  // what stands there: "do: slow-disk"
};

// In the order of the scenario's keys. `scenario` is resolved.
std::vector<Need> NeedsOf(const proto::Scenario& scenario);
// Those that `capabilities` does not cover.
std::vector<Need> UnmetNeeds(const proto::Scenario& scenario, const CapabilitySet& capabilities);
// "faults[0].point needs failpoints, which a toy cluster does not have; …": the reason and the
// nearest alternative that the cluster has.
std::string RefusalText(const Need& need, const ClusterKind& cluster);

// INVALID_ARGUMENT with one line per unmet need; OK if there is none.
absl::Status CheckNeeds(const proto::Scenario& scenario, const ClusterKind& cluster);

}  // namespace replsim
