#include "simulator/cluster/managed/managed_cluster.h"

#include <utility>

#include "simulator/cluster/managed/node_actions.h"
#include "simulator/cluster/managed/node_config.h"
#include "simulator/cluster/managed/node_list.h"

namespace replsim {

ManagedCluster::ManagedCluster(const proto::Cluster& cluster, Scheduler* scheduler)
    : nodes_(NodesOf(cluster)),
      epochs_(nodes_.front()),
      router_(
          ClientSites(cluster, nodes_), &epochs_,
          [this](size_t site, const NodeId& node) { return IsConnected(site, node); }, scheduler) {}

const std::vector<NodeId>& ManagedCluster::nodes_for(uint64_t client) const {
  return sites().nodes(sites().SiteOf(client));
}

proto::NodeConfig ManagedCluster::ConfigFor(const proto::Scenario& scenario,
                                            const NodeId& node) const {
  return NodeConfigOf(scenario, nodes_, node, epochs_.NextPrimary(), epochs_.highest());
}

bool ManagedCluster::IsStarted(const CoreDescription& primary) const {
  for (const CoreDescription::Peer& replica : primary.peers) {
    if (!replica.streaming) return false;
  }
  for (size_t site = 0; site < sites().count(); ++site) {
    for (const NodeId& node : nodes_) {
      if (!IsConnected(site, node)) return false;
    }
  }
  return true;
}

// Returns every reachable node except the old primary. The old primary may be the reason for the
// promotion; it learns of the new epoch by itself.
std::vector<NodeId> ManagedCluster::FollowersOf(const NodeId& promoted) const {
  std::vector<NodeId> followers;
  for (const NodeId& node : nodes_) {
    if (node != promoted && node != epochs_.primary() && CanBeTold(node)) followers.push_back(node);
  }
  return followers;
}

void ManagedCluster::PromoteChosen(const NodeId& chosen, Done done) {
  if (chosen.empty()) {
    return done(absl::FailedPreconditionError("there is no live replica to promote"));
  }
  if (absl::Status may = MayChange(chosen, state(chosen)); !may.ok()) return done(may);
  const Epoch epoch = epochs_.BeginPromotion(chosen);
  const std::vector<NodeId> followers = FollowersOf(chosen);
  PromoteNode(chosen, epoch, followers,
              [this, chosen, epoch, followers,
               done = std::move(done)](const absl::Status& promoted) mutable {
                if (!epochs_.EndPromotion(chosen, epoch, promoted.ok())) return done(promoted);
                router_.Leads(chosen);
                for (const NodeId& follower : followers) TellToFollow(follower, chosen, epoch);
                router_.SendWaiting();
                done(absl::OkStatus());
              });
}

}  // namespace replsim
