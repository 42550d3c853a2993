// The configuration of a node that a test starts without a cluster.
#pragma once

#include <string>
#include <vector>

#include "protos/control.pb.h"

namespace replsim {

// Configures node `id` of a cluster that p leads first, on any free port. A write is acknowledged
// when the primary has flushed it. The node's data is in `folder`/`id`.
inline proto::NodeConfig NodeConfigFor(const std::string& folder, const std::string& id,
                                       const std::vector<std::string>& nodes) {
  proto::NodeConfig config;
  config.set_id(id);
  for (const std::string& node : nodes) config.add_nodes(node);
  config.set_primary("p");
  config.set_listen("127.0.0.1:0");
  config.set_data_dir(folder + "/" + id);
  proto::ReplicationSpec& knobs = *config.mutable_replication();
  knobs.set_ack_after(proto::FLUSH);
  knobs.set_visible_after(proto::FLUSH);
  knobs.mutable_sync_set()->set_kind(proto::SyncSetSpec::ANY_OF);
  knobs.mutable_sync_set()->set_count(1);
  knobs.set_order(proto::PRIMARY_FIRST);
  knobs.set_replica_apply(proto::ON_RECEIVE);
  knobs.set_on_timeout(proto::BLOCK);
  knobs.mutable_timeout()->set_ns(1'000'000'000);
  knobs.set_send_after(proto::WRITE);
  knobs.set_serialize_keys(false);
  config.mutable_failover()->set_drain(proto::APPLY_FIRST);
  config.mutable_failover()->set_take_over(proto::AT_ONCE);
  config.mutable_failover()->mutable_promotion_time()->set_ns(0);
  config.mutable_durability()->set_sync(proto::EVERY_BATCH);
  config.mutable_durability()->set_io(proto::THREAD);
  config.mutable_durability()->mutable_interval()->set_ns(200'000'000);
  config.mutable_heartbeat()->mutable_interval()->set_ns(100'000'000);
  config.mutable_heartbeat()->mutable_timeout()->set_ns(1'000'000'000);
  return config;
}

}  // namespace replsim
