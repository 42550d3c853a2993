#include "replica/config/replica_options.h"

#include "common/base/status.h"
#include "common/config/knob_convert.h"

namespace replsim {

absl::StatusOr<ReplicaOptions> ToReplicaOptions(const proto::NodeConfig& config) {
  ReplicaOptions options;
  REPL_ASSIGN_OR_RETURN(const ReplicationKnobs knobs, ToKnobs(config.replication()));
  const bool differs = config.has_replica_durability();
  REPL_ASSIGN_OR_RETURN(options.durability,
                        ToKnobs(differs ? config.replica_durability() : config.durability()));
  REPL_ASSIGN_OR_RETURN(options.failover, ToKnobs(config.failover()));
  options.apply_when = knobs.replica_apply;
  options.primary = NodeId(config.primary());
  options.heartbeat_timeout = Nanos(config.heartbeat().timeout().ns());
  options.apply_delay = Nanos(config.apply_delay().ns());
  return options;
}

}  // namespace replsim
