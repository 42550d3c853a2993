#include "simulator/cluster/managed/node_config.h"

#include "simulator/promise/node_durability.h"

namespace replsim {

proto::NodeConfig NodeConfigOf(const proto::Scenario& scenario, const std::vector<NodeId>& nodes,
                               const NodeId& node, const NodeId& primary, Epoch epoch_floor) {
  const proto::Cluster& cluster = scenario.cluster();
  proto::NodeConfig config;
  config.set_id(node.name());
  for (const NodeId& id : nodes) config.add_nodes(id.name());
  config.set_primary(primary.name());
  config.set_epoch_floor(epoch_floor.value());
  *config.mutable_replication() = scenario.replication();
  *config.mutable_durability() = DurabilityAsPrimary(cluster, node.name());
  *config.mutable_replica_durability() = DurabilityAsReplica(cluster, node.name());
  *config.mutable_heartbeat() = cluster.heartbeat();
  *config.mutable_failover() = scenario.failover();
  config.set_record(cluster.record());
  return config;
}

}  // namespace replsim
