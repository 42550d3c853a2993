#include "primary/server/make_primary.h"

#include <algorithm>
#include <utility>

#include "common/base/status.h"
#include "common/rpc/knob_convert.h"
#include "common/rpc/node_server.h"

namespace replsim {

absl::StatusOr<PrimaryOptions> ToPrimaryOptions(const proto::NodeConfig& config) {
  PrimaryOptions options;
  REPL_ASSIGN_OR_RETURN(options.knobs, ToKnobs(config.replication()));
  REPL_ASSIGN_OR_RETURN(options.durability, ToKnobs(config.durability()));
  for (const std::string& name : config.nodes()) {
    if (name != config.id()) options.replicas.emplace_back(name);
  }
  std::sort(options.replicas.begin(), options.replicas.end());
  options.members = options.replicas;
  options.heartbeat_interval = Nanos(config.heartbeat().interval().ns());
  options.heartbeat_timeout = Nanos(config.heartbeat().timeout().ns());
  return options;
}

absl::Status RunPrimary(const proto::NodeConfig& config) {
  REPL_ASSIGN_OR_RETURN(PrimaryOptions options, ToPrimaryOptions(config));
  REPL_ASSIGN_OR_RETURN(const auto node, NodeServer::Open(config));
  const CoreStart start = node->start();
  const Epoch epoch = std::max(start.epoch + 1, Epoch(config.epoch_floor()));
  auto core = std::make_unique<PrimaryCore>(std::move(options), start, epoch, MonotonicNow());
  REPL_RETURN_IF_ERROR(node->Serve(std::move(core), /*leads=*/true, nullptr));
  node->WaitForShutdown();
  return absl::OkStatus();
}

}  // namespace replsim
