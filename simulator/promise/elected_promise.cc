#include "simulator/promise/elected_promise.h"

#include "absl/strings/str_cat.h"
#include "common/config/ack_stage.h"

namespace replsim {
namespace {

// The number of nodes that a knob asks for which counts the node itself.
size_t NodesOf(const proto::SyncSetSpec& set, size_t nodes) {
  if (set.kind() == proto::SyncSetSpec::MAJORITY) return nodes / 2 + 1;
  return set.kind() == proto::SyncSetSpec::ALL ? nodes : set.count();
}

// The primary, and the replicas that an acknowledgement waits for. An elected primary counts every
// other node of the cluster in its sync set.
size_t HoldersOf(const proto::SyncSetSpec& set, size_t nodes) {
  if (set.kind() == proto::SyncSetSpec::MAJORITY) return nodes / 2 + 1;
  return set.kind() == proto::SyncSetSpec::ALL ? nodes : size_t{set.count()} + 1;
}

}  // namespace

std::string WhyElectionMayLose(const proto::Scenario& scenario) {
  const proto::Failover& failover = scenario.failover();
  const size_t nodes = size_t{scenario.cluster().replicas()} + 1;
  if (!IsReplicaStage(scenario.replication().ack_after())) {
    return "an acknowledgement does not wait for a replica, and a replica may be elected";
  }
  if (failover.grant_rule() != proto::NOT_BEHIND) {
    return "a node may be elected whose log is behind (grant_rule: any)";
  }
  const size_t voters = NodesOf(failover.granted_by(), nodes);
  if (voters <= nodes / 2) {
    return absl::StrCat(voters, " of ", nodes, " votes elect, so two nodes may lead one epoch");
  }
  const size_t holders = HoldersOf(scenario.replication().sync_set(), nodes);
  if (holders + voters <= nodes) {
    return absl::StrCat(holders, " nodes have every acknowledged write, and the ", voters,
                        " that elect a primary may be others");
  }
  if (failover.take_over() != proto::OWN_RECORD) {
    return "inherited writes count as committed at once (take_over: at-once)";
  }
  return "";
}

}  // namespace replsim
