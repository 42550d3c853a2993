#include "simulator/promise/node_durability.h"

namespace replsim {
namespace {

// Group commit settings belong to every-batch; other policies drop those that they inherit.
void KeepWhatFits(proto::Durability* durability) {
  if (durability->sync() == proto::EVERY_BATCH) return;
  durability->clear_group_delay();
  durability->clear_group_size();
}

void Override(const proto::ReplicaDurability& own, proto::Durability* durability) {
  if (own.sync() != proto::SYNC_UNSPECIFIED) durability->set_sync(own.sync());
  if (own.has_interval()) *durability->mutable_interval() = own.interval();
  if (own.has_group_delay()) *durability->mutable_group_delay() = own.group_delay();
  if (own.has_group_size()) durability->set_group_size(own.group_size());
}

proto::Durability Of(const proto::Cluster& cluster, absl::string_view node, bool as_replica) {
  proto::Durability durability = cluster.durability();
  if (as_replica) Override(cluster.durability().replica(), &durability);
  for (const proto::NodeSpec& own : cluster.nodes()) {
    if (own.node() != node) continue;
    durability.MergeFrom(own.durability());
    if (as_replica) Override(own.durability().replica(), &durability);
  }
  durability.clear_replica();
  KeepWhatFits(&durability);
  return durability;
}

}  // namespace

proto::Durability DurabilityAsPrimary(const proto::Cluster& cluster, absl::string_view node) {
  return Of(cluster, node, /*as_replica=*/false);
}

proto::Durability DurabilityAsReplica(const proto::Cluster& cluster, absl::string_view node) {
  return Of(cluster, node, /*as_replica=*/true);
}

}  // namespace replsim
