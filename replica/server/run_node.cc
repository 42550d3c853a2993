#include "replica/server/run_node.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "common/base/epoch.h"
#include "common/base/status.h"
#include "common/election/witness_core.h"
#include "common/server/rpc/node_server.h"
#include "primary/config/primary_options.h"
#include "replica/config/replica_options.h"

namespace replsim {
namespace {

// A witness keeps its epoch and its vote in the metadata of an otherwise empty folder.
absl::Status RunWitness(const proto::NodeConfig& config) {
  REPL_ASSIGN_OR_RETURN(ReplicaOptions options, ToReplicaOptions(config));
  REPL_ASSIGN_OR_RETURN(const auto node, NodeServer::Open(config, /*truncate_corruption=*/true));
  auto core =
      std::make_unique<WitnessCore>(std::move(options.election), node->start(), node->Now());
  REPL_RETURN_IF_ERROR(node->Serve(std::move(core), /*leads=*/false, {}));
  node->WaitForShutdown();
  return absl::OkStatus();
}

}  // namespace

proto::NodeConfig::Role RoleOf(const proto::NodeConfig& config, proto::NodeConfig::Role program) {
  return config.role() == proto::NodeConfig::BY_PROGRAM ? program : config.role();
}

absl::Status RunNode(const proto::NodeConfig& config, proto::NodeConfig::Role program) {
  NodeServer::BlockTermination();
  const proto::NodeConfig::Role role = RoleOf(config, program);
  if (role == proto::NodeConfig::WITNESS) return RunWitness(config);
  const bool leads = role == proto::NodeConfig::PRIMARY;
  REPL_ASSIGN_OR_RETURN(const PrimaryOptions as_primary, ToPrimaryOptions(config));
  REPL_ASSIGN_OR_RETURN(const ReplicaOptions as_replica, ToReplicaOptions(config));
  REPL_ASSIGN_OR_RETURN(const Epoch floor, ToEpoch(config.epoch_floor()));
  // Only a replica may truncate a corrupt log: its primary sends the records again.
  REPL_ASSIGN_OR_RETURN(const auto node, NodeServer::Open(config, /*truncate_corruption=*/!leads));
  const CoreStart start = node->start();
  std::unique_ptr<Core> core;
  if (leads) {
    REPL_ASSIGN_OR_RETURN(const Epoch next, NextEpoch(start.epoch));
    core = std::make_unique<PrimaryCore>(as_primary, start, std::max(next, floor), node->Now());
  } else {
    core = std::make_unique<ReplicaCore>(as_replica, start, node->Now());
  }
  Node::Cores cores;
  cores.primary = [as_primary, server = node.get()](
                      const CoreStart& from, Epoch epoch,
                      std::vector<NodeId> followers) -> std::unique_ptr<Core> {
    return std::make_unique<PrimaryCore>(Promoted(as_primary, std::move(followers)), from, epoch,
                                         server->Now());
  };
  cores.replica = [as_replica, server = node.get()](
                      const CoreStart& from, const NodeId& primary) -> std::unique_ptr<Core> {
    ReplicaOptions options = as_replica;
    options.primary = primary;
    return std::make_unique<ReplicaCore>(std::move(options), from, server->Now());
  };
  REPL_RETURN_IF_ERROR(node->Serve(std::move(core), leads, std::move(cores)));
  node->WaitForShutdown();
  return absl::OkStatus();
}

}  // namespace replsim
