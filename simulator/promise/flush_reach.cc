#include "simulator/promise/flush_reach.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/promise/node_durability.h"
#include "simulator/promise/scenario_facts.h"

namespace replsim {
namespace {

// The replicas of `leader` that never flush.
std::vector<std::string> ReplicasWithoutFlush(const proto::Scenario& scenario,
                                              absl::string_view leader) {
  std::vector<std::string> without;
  for (const std::string& node : NodeNames(scenario.cluster())) {
    if (node == leader) continue;
    const proto::Durability durability = DurabilityAsReplica(scenario.cluster(), node);
    if (durability.sync() == proto::OS) without.push_back(node);
  }
  return without;
}

}  // namespace

std::string WhyFlushNeverComes(const proto::Scenario& scenario, absl::string_view leader) {
  const proto::ReplicationSpec& spec = scenario.replication();
  const proto::Durability own = DurabilityAsPrimary(scenario.cluster(), leader);
  if (own.sync() == proto::OS && spec.send_after() == proto::FLUSH) {
    return absl::StrCat(leader, " sends nothing while it leads: send_after waits for a flush, and ",
                        "with durability.sync os it never flushes");
  }
  if (spec.ack_after() != proto::REPLICA_FLUSH && spec.visible_after() != proto::REPLICA_FLUSH) {
    return "";
  }
  const std::vector<std::string> without = ReplicasWithoutFlush(scenario, leader);
  const uint32_t replicas = scenario.cluster().replicas();
  const uint32_t flush = replicas - static_cast<uint32_t>(without.size());
  if (without.empty() || flush >= ReplicasNeeded(spec.sync_set(), replicas)) return "";
  return absl::StrCat("too few replicas flush while ", leader, " leads: with durability.sync os ",
                      absl::StrJoin(without, ", "), " never flush",
                      without.size() == 1 ? "es" : "");
}

}  // namespace replsim
