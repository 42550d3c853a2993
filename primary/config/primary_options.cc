#include "primary/config/primary_options.h"

#include <algorithm>
#include <utility>

#include "common/base/status.h"
#include "common/config/knob_convert.h"

namespace replsim {

absl::StatusOr<PrimaryOptions> ToPrimaryOptions(const proto::NodeConfig& config) {
  PrimaryOptions options;
  REPL_ASSIGN_OR_RETURN(options.knobs, ToKnobs(config.replication()));
  REPL_ASSIGN_OR_RETURN(options.durability, ToKnobs(config.durability()));
  REPL_ASSIGN_OR_RETURN(const FailoverKnobs failover, ToKnobs(config.failover()));
  options.take_over = failover.take_over;
  REPL_ASSIGN_OR_RETURN(options.election, ToElectionKnobs(config.failover(), NodeId(config.id())));
  for (const std::string& name : config.nodes()) {
    if (name != config.id()) options.replicas.emplace_back(name);
  }
  std::sort(options.replicas.begin(), options.replicas.end());
  options.members = options.replicas;
  for (const std::string& name : config.witnesses()) options.witnesses.emplace_back(name);
  options.heartbeat_interval = Nanos(config.heartbeat().interval().ns());
  options.heartbeat_timeout = Nanos(config.heartbeat().timeout().ns());
  options.announce_interval = std::min(options.announce_interval, options.heartbeat_timeout / 2);
  return options;
}

PrimaryOptions Promoted(PrimaryOptions options, std::vector<NodeId> followers) {
  std::erase_if(followers, [&](const NodeId& id) {
    return std::find(options.witnesses.begin(), options.witnesses.end(), id) !=
           options.witnesses.end();
  });
  options.members = std::move(followers);
  options.announce = true;
  return options;
}

}  // namespace replsim
