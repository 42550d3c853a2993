#include "replica/server/run_replica.h"

#include <memory>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "common/rpc/node_server.h"
#include "primary/config/primary_options.h"
#include "replica/config/replica_options.h"

namespace replsim {

absl::Status RunReplica(const proto::NodeConfig& config) {
  REPL_ASSIGN_OR_RETURN(const PrimaryOptions as_primary, ToPrimaryOptions(config));
  REPL_ASSIGN_OR_RETURN(ReplicaOptions options, ToReplicaOptions(config));
  REPL_ASSIGN_OR_RETURN(const auto node, NodeServer::Open(config, /*cut_damage=*/true));
  auto core = std::make_unique<ReplicaCore>(std::move(options), node->start(), MonotonicNow());
  const auto make_primary = [as_primary](const CoreStart& start, Epoch epoch,
                                         std::vector<NodeId> followers) -> std::unique_ptr<Core> {
    return std::make_unique<PrimaryCore>(Promoted(as_primary, std::move(followers)), start, epoch,
                                         MonotonicNow());
  };
  REPL_RETURN_IF_ERROR(node->Serve(std::move(core), /*leads=*/false, make_primary));
  node->WaitForShutdown();
  return absl::OkStatus();
}

}  // namespace replsim
