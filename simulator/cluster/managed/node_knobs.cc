#include "simulator/cluster/managed/node_knobs.h"

#include "simulator/promise/node_durability.h"

namespace replsim {

void SetKnobs(const proto::Scenario& scenario, const NodeId& node, proto::NodeConfig* config) {
  const proto::Cluster& cluster = scenario.cluster();
  *config->mutable_replication() = scenario.replication();
  *config->mutable_durability() = DurabilityAsPrimary(cluster, node.name());
  *config->mutable_replica_durability() = DurabilityAsReplica(cluster, node.name());
  *config->mutable_heartbeat() = cluster.heartbeat();
  *config->mutable_failover() = scenario.failover();
  config->set_record(cluster.record());
}

}  // namespace replsim
