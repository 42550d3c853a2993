#include "simulator/promise/scenario_facts.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "simulator/promise/node_durability.h"

namespace replsim {

std::vector<std::string> NodeNames(const proto::Cluster& cluster) {
  std::vector<std::string> names = {"p"};
  for (uint32_t i = 1; i <= cluster.replicas(); ++i) names.push_back(absl::StrCat("r", i));
  return names;
}

std::vector<std::string> WitnessNames(const proto::Cluster& cluster) {
  std::vector<std::string> names;
  for (uint32_t i = 1; i <= cluster.witnesses(); ++i) names.push_back(absl::StrCat("w", i));
  return names;
}

uint32_t AllVoters(const proto::Cluster& cluster) {
  return 1 + cluster.replicas() + cluster.witnesses();
}

uint32_t Electorate(const proto::Scenario& scenario) {
  const bool all = scenario.failover().voters() != proto::WITNESSES;
  return all ? AllVoters(scenario.cluster()) : scenario.cluster().witnesses();
}

uint32_t Observing(const proto::Scenario& scenario) {
  const proto::Cluster& cluster = scenario.cluster();
  const bool all = scenario.failover().observers() != proto::WITNESSES_OBSERVE;
  return all ? cluster.replicas() + cluster.witnesses() : cluster.witnesses();
}

bool HasFault(const proto::Scenario& scenario, std::initializer_list<proto::Action> actions) {
  const auto& faults = scenario.faults();
  return std::any_of(faults.begin(), faults.end(), [&](const proto::Fault& fault) {
    return std::find(actions.begin(), actions.end(), fault.do_()) != actions.end();
  });
}

bool Elects(const proto::Scenario& scenario) { return scenario.failover().has_suspect_after(); }

bool NeedsInSyncSet(proto::GrantRule rule) {
  return rule == proto::IN_SYNC_SET || rule == proto::IN_SYNC_QUORUM;
}

uint32_t NodesNeeded(const proto::SyncSetSpec& set, uint32_t nodes) {
  switch (set.kind()) {
    case proto::SyncSetSpec::MAJORITY:
      return nodes / 2 + 1;
    case proto::SyncSetSpec::ALL:
      return nodes;
    default:
      return set.count();
  }
}

uint32_t ReplicasNeeded(const proto::SyncSetSpec& set, uint32_t replicas) {
  switch (set.kind()) {
    case proto::SyncSetSpec::MAJORITY:
      return (replicas + 1) / 2;
    case proto::SyncSetSpec::ALL:
      return replicas;
    default:
      return set.count();
  }
}

bool EveryPrimaryFlushes(const proto::Cluster& cluster) {
  const std::vector<std::string> nodes = NodeNames(cluster);
  return std::all_of(nodes.begin(), nodes.end(), [&](const std::string& node) {
    const proto::SyncPolicy sync = DurabilityAsPrimary(cluster, node).sync();
    return sync == proto::EVERY_WRITE || sync == proto::EVERY_BATCH;
  });
}

}  // namespace replsim
