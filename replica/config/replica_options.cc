#include "replica/config/replica_options.h"

#include <memory>
#include <utility>

#include "common/base/rng.h"
#include "common/base/status.h"
#include "common/config/delay.h"
#include "common/config/knob_convert.h"

namespace replsim {
namespace {

absl::StatusOr<ElectionOptions> ToElectionOptions(const proto::NodeConfig& config) {
  ElectionOptions options;
  REPL_ASSIGN_OR_RETURN(options.knobs, ToElectionKnobs(config.failover(), NodeId(config.id())));
  for (const auto* names : {&config.nodes(), &config.witnesses()}) {
    for (const std::string& name : *names) {
      if (name != config.id()) options.others.emplace_back(name);
    }
  }
  for (const std::string& name : config.witnesses()) options.witnesses.emplace_back(name);
  options.is_witness = config.role() == proto::NodeConfig::WITNESS;
  options.stand_delay = [wait = DelaySampler(config.failover().stand_delay()),
                         rng = Rng(config.election_seed())]() mutable { return wait.Draw(rng); };
  return options;
}

}  // namespace

absl::StatusOr<ReplicaOptions> ToReplicaOptions(const proto::NodeConfig& config) {
  ReplicaOptions options;
  REPL_ASSIGN_OR_RETURN(const ReplicationKnobs knobs, ToKnobs(config.replication()));
  const bool differs = config.has_replica_durability();
  REPL_ASSIGN_OR_RETURN(options.durability,
                        ToKnobs(differs ? config.replica_durability() : config.durability()));
  REPL_ASSIGN_OR_RETURN(options.failover, ToKnobs(config.failover()));
  REPL_ASSIGN_OR_RETURN(options.election, ToElectionOptions(config));
  options.apply_when = knobs.replica_apply;
  options.primary = NodeId(config.primary());
  options.heartbeat_timeout = Nanos(config.heartbeat().timeout().ns());
  options.apply_delay = Nanos(config.apply_delay().ns());
  return options;
}

}  // namespace replsim
