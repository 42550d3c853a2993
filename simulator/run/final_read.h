// The end of a run on any cluster, after the faults are healed: waits until the nodes have
// converged, and reads every key on every node. Under the scheduler.
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

// Waits until every node that is up holds what the primary holds, judged by positions. If the
// cluster states no positions, waits until all nodes return the same data.
//
// A node that led an older epoch and waits for its restart (failover.rejoin: wait) is first
// restarted as a replica, as real clusters do with pg_rewind or a restart. A primary that a failed
// promotion has fenced is restarted as the primary. `restarted` is called with the node, the
// reason, and the time of the request.
//
// `done` receives what a gate that cannot be reached withholds (Rest::withheld; usually empty), or
// a status that names the node that had not converged, and why. It waits as long as some node comes
// further than any poll has seen it: it gives up after scenario.settle without progress, and in any
// case after kSettlesMost times that. Once *over is true the cluster may be gone: it is not used,
// and `done` is not called. `scenario` is resolved.
inline constexpr int64_t kSettlesMost = 10;
using Restarted = std::function<void(const NodeId& node, const char* why, Instant begun)>;
using Converged = absl::AnyInvocable<void(absl::StatusOr<std::string> withheld)>;
void Converge(RunCluster* cluster, Scheduler* scheduler, std::shared_ptr<const bool> over,
              const proto::Scenario& scenario, Restarted restarted, Converged done);

struct FinalRead {
  proto::Manifest::NodeEnd end;
  std::vector<FinalEntry> keys;
  bool scanned = false;
  bool leads = false;
};
// The node whose log defines which writes exist: the primary, or, if the nodes elect their primary
// and none leads, the node with the newest log, as an operator would choose.
std::string FinalPrimary(const std::vector<FinalRead>& finals, const std::string& primary,
                         bool elects);
// Passes the nodes to `done` in the order of cluster->nodes(). A node that does not answer is
// recorded as such.
void ReadFinal(RunCluster* cluster, absl::AnyInvocable<void(std::vector<FinalRead>)> done);

}  // namespace replsim
