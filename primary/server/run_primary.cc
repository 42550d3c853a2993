#include "primary/server/run_primary.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "common/base/epoch.h"
#include "common/base/status.h"
#include "common/rpc/node_server.h"
#include "primary/config/primary_options.h"

namespace replsim {

absl::Status RunPrimary(const proto::NodeConfig& config) {
  REPL_ASSIGN_OR_RETURN(PrimaryOptions options, ToPrimaryOptions(config));
  REPL_ASSIGN_OR_RETURN(const Epoch floor, ToEpoch(config.epoch_floor()));
  REPL_ASSIGN_OR_RETURN(const auto node, NodeServer::Open(config, /*cut_damage=*/false));
  const CoreStart start = node->start();
  REPL_ASSIGN_OR_RETURN(const Epoch next, NextEpoch(start.epoch));
  const Epoch epoch = std::max(next, floor);
  auto core = std::make_unique<PrimaryCore>(std::move(options), start, epoch, MonotonicNow());
  REPL_RETURN_IF_ERROR(node->Serve(std::move(core), /*leads=*/true, nullptr));
  node->WaitForShutdown();
  return absl::OkStatus();
}

}  // namespace replsim
