// How a run ends, on any cluster: faults are healed, the nodes must come to rest on one history,
// and every key is read on every node.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "simulator/cluster/seam/run_cluster.h"
#include "simulator/cluster/seam/scheduler.h"

namespace replsim {

// Waits until every node that is up holds what the primary holds, by their positions; if the
// cluster states none, until all nodes return the same data. A node that led an older epoch is
// restarted as a replica first (real clusters do that with pg_rewind or a restart), and a primary
// that a failed promotion has fenced as the primary; `restarted` is called with the node, the
// reason, and the time of the request. `done` gets what a gate that cannot be reached withholds
// (Rest::withheld; mostly empty), or a status that says which node had not converged by `deadline`,
// and why. Once *over, the cluster may be gone: it is not used any more, and `done` is not called.
using Restarted = std::function<void(const NodeId& node, const char* why, Instant begun)>;
using Converged = absl::AnyInvocable<void(absl::StatusOr<std::string> withheld)>;
void Converge(RunCluster* cluster, Scheduler* scheduler, std::shared_ptr<const bool> over,
              Instant deadline, const proto::ReplicationSpec& spec, Restarted restarted,
              Converged done);

struct FinalRead {
  proto::Manifest::NodeEnd end;
  std::vector<FinalEntry> keys;
  bool scanned = false;
};
// In the order of cluster->nodes(); of a node that does not answer only that it does not.
void ReadFinal(RunCluster* cluster, absl::AnyInvocable<void(std::vector<FinalRead>)> done);

}  // namespace replsim
