#include "replica/server/run_replica.h"

#include <memory>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "common/rpc/knob_convert.h"
#include "common/rpc/node_server.h"
#include "primary/server/make_primary.h"
#include "replica/core/replica_core.h"

namespace replsim {

absl::Status RunReplica(const proto::NodeConfig& config) {
  REPL_ASSIGN_OR_RETURN(const PrimaryOptions as_primary, ToPrimaryOptions(config));
  REPL_ASSIGN_OR_RETURN(const auto node, NodeServer::Open(config));
  ReplicaOptions options;
  options.apply_when = as_primary.knobs.replica_apply;
  options.durability = as_primary.durability;
  options.primary = NodeId(config.primary());
  options.heartbeat_timeout = as_primary.heartbeat_timeout;
  options.apply_delay = Nanos(config.apply_delay().ns());
  auto core = std::make_unique<ReplicaCore>(std::move(options), node->start(), MonotonicNow());
  const auto make_primary = [as_primary](const CoreStart& start, Epoch epoch,
                                         std::vector<NodeId> followers) -> std::unique_ptr<Core> {
    PrimaryOptions promoted = as_primary;
    promoted.members = std::move(followers);
    promoted.announce = true;
    return std::make_unique<PrimaryCore>(std::move(promoted), start, epoch, MonotonicNow());
  };
  REPL_RETURN_IF_ERROR(node->Serve(std::move(core), /*leads=*/false, make_primary));
  node->WaitForShutdown();
  return absl::OkStatus();
}

}  // namespace replsim
