#include "simulator/promise/elected_promise.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/config/ack_stage.h"
#include "simulator/fault_kinds/fault_kind.h"
#include "simulator/promise/scenario_facts.h"

namespace replsim {
namespace {

// The number of nodes that may lose what they had not flushed. A fault that names the primary may
// hit another node each time.
uint32_t NodesThatForget(const proto::Scenario& scenario, bool in_memory) {
  const std::vector<std::string> names = NodeNames(scenario.cluster());
  const auto all = static_cast<uint32_t>(names.size());
  std::set<std::string> named;
  uint32_t others = 0;
  for (const proto::Fault& fault : scenario.faults()) {
    const bool forgets = fault.do_() == proto::POWER_LOSS || fault.do_() == proto::FSYNC_ERROR;
    if (!forgets && !(in_memory && KillsNode(fault.do_()))) continue;
    if (std::find(names.begin(), names.end(), fault.node()) != names.end()) {
      named.insert(fault.node());
    } else if (fault.node() == "primary" && fault.has_every()) {
      return all;
    } else if (fault.node() == "primary") {
      ++others;
    }
  }
  return std::min(all, static_cast<uint32_t>(named.size()) + others);
}

// Any two groups that elect, or that store a set, must have a witness in common.
std::string WhySetMayLose(const proto::Scenario& scenario) {
  if (scenario.failover().has_unclean_after()) {
    return "any node may be elected when no member of the in-sync set answers (unclean_after)";
  }
  const proto::InSync& set = scenario.replication().in_sync();
  if (set.has_acks() && scenario.failover().grant_rule() == proto::IN_SYNC_SET) {
    return absl::StrCat("any ", set.acks(),
                        " replicas of the in-sync set acknowledge a write, and another member may "
                        "be elected (grant_rule: in-sync-set)");
  }
  const uint32_t electorate = Electorate(scenario);
  const uint32_t votes = NodesNeeded(scenario.failover().granted_by(), electorate);
  if (votes > electorate / 2) return "";
  return absl::StrCat(votes, " of ", electorate,
                      " witnesses elect and store the in-sync set, so others may elect a node that "
                      "is no longer in it");
}

}  // namespace

std::string WhyElectionMayLose(const proto::Scenario& scenario) {
  const proto::Failover& failover = scenario.failover();
  const uint32_t replicas = scenario.cluster().replicas();
  const uint32_t nodes = replicas + 1;
  if (!IsReplicaStage(scenario.replication().ack_after())) {
    return "an acknowledgement does not wait for a replica, and a replica may be elected";
  }
  if (NeedsInSyncSet(failover.grant_rule())) return WhySetMayLose(scenario);
  if (failover.grant_rule() != proto::NOT_BEHIND) {
    return "a node may be elected whose log is behind (grant_rule: any)";
  }
  const uint32_t witnesses = scenario.cluster().witnesses();
  const uint32_t electorate = Electorate(scenario);
  const uint32_t votes = NodesNeeded(failover.granted_by(), electorate);
  if (votes <= electorate / 2) {
    return absl::StrCat(votes, " of ", electorate, " votes elect, so two nodes may lead one epoch");
  }
  // An elected primary counts every other node of the cluster in its sync set.
  const uint32_t holders = 1 + ReplicasNeeded(scenario.replication().sync_set(), replicas);
  // Witnesses know no log; at least the candidate votes that has one.
  const bool polls = failover.voters() == proto::WITNESSES;  // which proves nothing
  const uint32_t logs = votes > witnesses && !polls ? votes - witnesses : 1;
  if (holders + logs <= nodes && failover.initiator() == proto::BY_WITNESS) {
    return absl::StrCat(holders,
                        " nodes have every acknowledged write, and a witness picks the "
                        "primary among those that answer its poll, which may be others");
  }
  if (holders + logs <= nodes) {
    const std::string others = witnesses == 0 ? "that elect a primary may be others"
                                              : "with data that elect a primary, beside the "
                                                "witnesses, may be others";
    return absl::StrCat(holders, " nodes have every acknowledged write, and the ", logs, " ",
                        others);
  }
  if (failover.take_over() != proto::OWN_RECORD) {
    return "inherited writes count as committed at once (take_over: at-once)";
  }
  return "";
}

bool CountsCopies(const proto::Scenario& scenario) {
  return Elects(scenario) && scenario.failover().unclean_restart() == proto::NOT_ELIGIBLE &&
         IsReplicaStage(scenario.replication().ack_after());
}

std::string WhyCopiesMayBeLost(const proto::Scenario& scenario, bool in_memory) {
  const uint32_t holders = 1 + scenario.replication().in_sync().min();
  const uint32_t losers = NodesThatForget(scenario, in_memory);
  if (losers < holders) return "";
  return absl::StrCat("an acknowledged write may be in the memory of only ", holders,
                      holders == 1 ? " node" : " nodes", ", and ", losers,
                      losers == 1 ? " node may lose it" : " nodes may lose it");
}

}  // namespace replsim
