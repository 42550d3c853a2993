#include "simulator/promise/promise.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/config/ack_stage.h"
#include "simulator/promise/elected_promise.h"
#include "simulator/promise/fault_chain.h"
#include "simulator/promise/node_durability.h"
#include "simulator/promise/scenario_facts.h"

namespace replsim {
namespace {

bool LosesPower(const proto::Scenario& scenario) { return HasFault(scenario, {proto::POWER_LOSS}); }

// Whether the replicas that released an acknowledgement may have the write only in memory. Data
// that a process has written to the kernel survives its death, flushed or not, while the power is
// on.
bool MayBeInMemoryOnly(const proto::Scenario& scenario) {
  const proto::ReplicationSpec& spec = scenario.replication();
  switch (spec.ack_after()) {
    case proto::REPLICA_FLUSH:
      return false;
    case proto::REPLICA_WRITE:
      return LosesPower(scenario);
    case proto::REPLICA_APPLY:
      return spec.replica_apply() != proto::ON_FLUSH;
    default:
      return true;
  }
}

// Whether an acknowledgement waits for the primary's own flush.
bool FlushedByPrimary(const proto::Scenario& scenario) {
  if (scenario.replication().ack_after() < proto::REPLICA_RECEIVE) {
    return scenario.replication().ack_after() == proto::FLUSH;
  }
  // Any node may become the leader, so all must flush.
  return EveryPrimaryFlushes(scenario.cluster());
}

// Whether a node trusts a flush that succeeds after one has failed.
bool BelievesFailedFlushes(const proto::Scenario& scenario) {
  const std::vector<std::string> nodes = NodeNames(scenario.cluster());
  return std::any_of(nodes.begin(), nodes.end(), [&](const std::string& node) {
    return DurabilityAsPrimary(scenario.cluster(), node).on_fsync_error() == proto::RETRY_FLUSH;
  });
}

// The minimum number of replicas that have every acknowledged write. `all` means all replicas only
// until the first change of leadership; from then on it means the current followers.
size_t Holders(const proto::Scenario& scenario, bool first_reign) {
  const proto::SyncSetSpec& set = scenario.replication().sync_set();
  const bool followers_only = set.kind() == proto::SyncSetSpec::ALL && !first_reign;
  return followers_only ? 1 : ReplicasNeeded(set, scenario.cluster().replicas());
}

// Sync set `all`: every replica has every acknowledged write. The only risk is that the new primary
// had it in memory and has died since.
std::string WhyNotFromAll(bool in_memory, const Before& before) {
  if (in_memory && !before.touched.empty()) {
    return absl::StrCat(
        "an acknowledgement only means that a replica has the write in memory, and ",
        *before.touched.begin(), " may have died since");
  }
  return "";
}

// The promoted "best" is the reachable node whose log ends last; it must have every acknowledged
// write.
std::string WhyNotFromBest(const proto::Scenario& scenario, bool in_memory, const Before& before) {
  std::set<std::string> missing = before.unavailable;
  if (in_memory) missing.insert(before.touched.begin(), before.touched.end());
  const size_t holders = Holders(scenario, before.first_reign);
  if (missing.size() < holders) return "";
  return absl::StrCat(holders, holders == 1 ? " replica has" : " replicas have",
                      " every acknowledged write, and ", missing.size(),
                      " may be unavailable at the promotion");
}

// The replicas that have every acknowledged write because the sync set names exactly them; empty if
// the set leaves a choice.
std::set<std::string> NamedHolders(const proto::Scenario& scenario) {
  const proto::SyncSetSpec& set = scenario.replication().sync_set();
  if (set.ids().empty() || static_cast<uint32_t>(set.ids_size()) != set.count()) return {};
  return {set.ids().begin(), set.ids().end()};
}

// Whether the promoted node is one of the named holders, or is "best" while one of them is
// reachable.
bool HasItByName(const proto::Scenario& scenario, const std::string& promoted, bool in_memory,
                 const Before& before) {
  const std::set<std::string> holders = NamedHolders(scenario);
  const auto still_has_it = [&](const std::string& id) {
    return !in_memory || before.touched.count(id) == 0;
  };
  if (promoted != "best") return holders.count(promoted) > 0 && still_has_it(promoted);
  return std::any_of(holders.begin(), holders.end(), [&](const std::string& id) {
    return before.unavailable.count(id) == 0 && still_has_it(id);
  });
}

std::string WhyNotKept(const proto::Scenario& scenario, int promotion) {
  const Before before = BeforeFault(scenario, promotion);
  const bool in_memory = MayBeInMemoryOnly(scenario);
  if (!before.unsure.empty()) return before.unsure;
  if (!before.leader_dead)
    return "a replica is promoted while the old primary may still acknowledge writes";
  const bool all = scenario.replication().sync_set().kind() == proto::SyncSetSpec::ALL;
  if (all && before.first_reign) return WhyNotFromAll(in_memory, before);
  const std::string& promoted = scenario.faults(promotion).node();
  if (before.first_reign && HasItByName(scenario, promoted, in_memory, before)) return "";
  if (promoted != "best") return "the promoted replica may lack an acknowledged write";
  return WhyNotFromBest(scenario, in_memory, before);
}

// Whether a process may die while the load runs.
bool NodesDie(const proto::Scenario& scenario) {
  return HasFault(scenario, {proto::KILL, proto::HOST_LOSS, proto::RESTART, proto::POWER_LOSS,
                             proto::FSYNC_ERROR, proto::DISK_FULL});
}

Promise ElectedPromise(const proto::Scenario& scenario) {
  if (std::string why = WhyElectionMayLose(scenario); !why.empty()) return {false, std::move(why)};
  if (CountsCopies(scenario) && MayBeInMemoryOnly(scenario)) {
    const bool of_process = scenario.replication().ack_after() != proto::REPLICA_WRITE;
    std::string why = WhyCopiesMayBeLost(scenario, of_process);
    if (!why.empty()) return {false, std::move(why)};
    return {true,
            "fewer nodes lose what is in memory than have each acknowledged write, and such a node "
            "is not elected before it has caught up"};
  }
  if (MayBeInMemoryOnly(scenario) && NodesDie(scenario)) {
    return {false,
            "an acknowledgement only means that replicas have the write in memory, and nodes die"};
  }
  if (scenario.failover().grant_rule() == proto::IN_SYNC_QUORUM) {
    return {true,
            "of the members of the in-sync set that elect one of them, at least one has each "
            "acknowledged write"};
  }
  if (scenario.failover().grant_rule() == proto::IN_SYNC_SET) {
    return {true,
            "only members of the in-sync set are elected, and they have all acknowledged "
            "writes"};
  }
  return {true, "at least one node of every majority that elects has all acknowledged writes"};
}

}  // namespace

bool ElectionsKeepWrites(const proto::Scenario& scenario) {
  if (!Elects(scenario)) return false;
  if (PromiseOf(scenario).keeps_acknowledged) return true;
  return CountsCopies(scenario) && WhyElectionMayLose(scenario).empty() &&
         !HasFault(scenario, {proto::BIT_FLIP}) && !BelievesFailedFlushes(scenario);
}

std::string WhyBroken(const Promise& promise, const proto::RunReport::Writes& writes) {
  if (!promise.keeps_acknowledged || writes.protected_lost() == 0) return "";
  return absl::StrCat(kPromiseBroken, writes.acked_lost(), " acknowledged writes lost, ",
                      writes.protected_lost(), " of them protected: ", promise.because, "; ",
                      writes.first_lost().explanation());
}

Promise PromiseOf(const proto::Scenario& scenario) {
  const auto& faults = scenario.faults();
  const bool promotes = HasFault(scenario, {proto::PROMOTE}) && !Elects(scenario);
  if (HasFault(scenario, {proto::BIT_FLIP})) return {false, "disks lose flushed data (bit-flip)"};
  if (HasFault(scenario, {proto::FSYNC_ERROR}) && BelievesFailedFlushes(scenario)) {
    return {false, "flushes fail, and a later flush that reports success is trusted"};
  }
  const proto::AckStage stage = scenario.replication().ack_after();
  if (promotes && !IsReplicaStage(stage)) {
    return {false, "an acknowledgement does not wait for a replica, and a replica is promoted"};
  }
  if (stage == proto::APPEND && NodesDie(scenario)) {
    return {
        false,
        "an acknowledgement only means that the primary has the write in memory, and nodes die"};
  }
  if (LosesPower(scenario) && !FlushedByPrimary(scenario) && !CountsCopies(scenario)) {
    return {false, "an acknowledgement does not wait for the primary's flush, and power is lost"};
  }
  if (Elects(scenario)) return ElectedPromise(scenario);
  for (int i = 0; i < faults.size(); ++i) {
    if (faults[i].do_() != proto::PROMOTE) continue;
    std::string why = WhyNotKept(scenario, i);
    if (!why.empty()) return {false, std::move(why)};
  }
  if (!promotes) return {true, "no other node becomes primary"};
  return {true, "every replica that can be promoted has all acknowledged writes"};
}

}  // namespace replsim
