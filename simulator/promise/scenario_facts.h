// Facts about a scenario that promises are derived from. Pure.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "protos/scenario.pb.h"

namespace replsim {

// "p", "r1", … of a resolved cluster.
std::vector<std::string> NodeNames(const proto::Cluster& cluster);
// Returns w1, … wN.
std::vector<std::string> WitnessNames(const proto::Cluster& cluster);
// The number of nodes that can vote: the primary, the replicas and the witnesses.
uint32_t AllVoters(const proto::Cluster& cluster);
// The number of nodes whose votes count (failover.voters).
uint32_t Electorate(const proto::Scenario& scenario);
// The number of nodes whose suspicions count (failover.observers), the primary not included.
uint32_t Observing(const proto::Scenario& scenario);
// Whether the scenario has a fault with one of these actions.
bool HasFault(const proto::Scenario& scenario, std::initializer_list<proto::Action> actions);
// Whether the nodes elect their primary, so that any of them may lead at any time.
bool Elects(const proto::Scenario& scenario);
// Whether the rule lets only members of the in-sync set be elected.
bool NeedsInSyncSet(proto::GrantRule rule);
// The number of nodes that failover.granted_by or failover.lose_lead.without asks for; it counts
// the node itself. May exceed `nodes` for `any K`.
uint32_t NodesNeeded(const proto::SyncSetSpec& set, uint32_t nodes);
// The number of replicas that replication.sync_set asks for.
uint32_t ReplicasNeeded(const proto::SyncSetSpec& set, uint32_t replicas);
// Whether every node, as the primary, flushes a write before a gate of a replica stage opens.
bool EveryPrimaryFlushes(const proto::Cluster& cluster);

}  // namespace replsim
