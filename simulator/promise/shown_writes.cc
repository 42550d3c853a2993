#include "simulator/promise/shown_writes.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/config/ack_stage.h"
#include "simulator/fault_kinds/fault_kind.h"
#include "simulator/promise/fault_chain.h"
#include "simulator/promise/gate_reach.h"
#include "simulator/promise/promise.h"
#include "simulator/promise/scenario_facts.h"

namespace replsim {
namespace {

bool EndsProcess(proto::Action action) {
  return KillsNode(action) || action == proto::RESTART || action == proto::FSYNC_ERROR ||
         action == proto::DISK_FULL || action == proto::BIT_FLIP;
}

// Whether a node is started again while the load runs.
bool MayRestart(const proto::Scenario& scenario) {
  return std::any_of(scenario.faults().begin(), scenario.faults().end(), [](const auto& fault) {
    return fault.do_() == proto::RESTART || (KillsNode(fault.do_()) && fault.has_for_());
  });
}

bool LosesUnprotected(const proto::Scenario& scenario) {
  return scenario.replication().on_timeout() == proto::DEGRADE && HasPromotion(scenario);
}

// Why a write may be lost that has passed `stage`, judged as if that stage acknowledged it.
std::string WhyLostAfter(const proto::Scenario& scenario, proto::AckStage stage) {
  proto::Scenario as_if = scenario;
  as_if.mutable_replication()->set_ack_after(stage);
  const Promise promise = PromiseOf(as_if);
  return promise.keeps_acknowledged ? "" : promise.because;
}

// With take_over: at-once, a node shows the records that it inherits before its sync set has them.
// The next promotion may lose them.
std::string WhyInheritedMayBeLost(const proto::Scenario& scenario) {
  if (scenario.failover().take_over() == proto::OWN_RECORD) return "";
  if (Elects(scenario)) {
    return "a new primary shows inherited writes at once, and another may be elected later";
  }
  for (int i = 0; i < scenario.faults_size(); ++i) {
    if (scenario.faults(i).do_() != proto::PROMOTE) continue;
    if (!BeforeFault(scenario, i).first_reign) {
      return "a new primary shows inherited writes at once, and another node is promoted later";
    }
  }
  return "";
}

bool HasSeveralSites(const proto::Cluster& cluster) {
  const auto has_clients = [](const proto::Group& group) {
    return std::any_of(group.nodes().begin(), group.nodes().end(), [](const std::string& node) {
      return node == "client" || absl::StartsWith(node, "client@");
    });
  };
  return std::count_if(cluster.groups().begin(), cluster.groups().end(), has_clients) > 1;
}

// Whether a write that has passed the gate `later` has always passed the gate `earlier` too.
bool IsImplied(const proto::Scenario& scenario, proto::AckStage earlier, proto::AckStage later) {
  if (earlier == later) return true;
  if (!IsReplicaStage(later)) return !IsReplicaStage(earlier) && earlier < later;
  // A gate of a replica stage also waits for the primary's own write or flush.
  if (earlier == proto::FLUSH) return EveryPrimaryFlushes(scenario.cluster());
  if (!IsReplicaStage(earlier)) return true;
  if (earlier > later) return false;
  // A replica may apply a record before it has written or flushed it.
  return later != proto::REPLICA_APPLY || earlier == proto::REPLICA_RECEIVE ||
         scenario.replication().replica_apply() == proto::ON_FLUSH;
}

}  // namespace

bool HasPromotion(const proto::Scenario& scenario) {
  return HasFault(scenario, {proto::PROMOTE}) || Elects(scenario);
}

bool MayDie(const proto::Scenario& scenario, const std::string& node) {
  return std::any_of(scenario.faults().begin(), scenario.faults().end(), [&](const auto& fault) {
    if (!EndsProcess(fault.do_())) return false;
    // After a promotion any node may be the primary.
    const bool by_role = fault.node() == "primary" && (node == "p" || HasPromotion(scenario));
    return node.empty() || fault.node() == node || by_role;
  });
}

std::string WhyAcknowledgedMayBeLost(const proto::Scenario& scenario) {
  if (LosesUnprotected(scenario)) {
    return "an acknowledgement may be unprotected (on_timeout: degrade), and a replica is promoted";
  }
  return WhyLostAfter(scenario, scenario.replication().ack_after());
}

std::string WhyShownByPrimaryMayBeLost(const proto::Scenario& scenario) {
  if (LosesUnprotected(scenario)) {
    return "an unprotected write is shown (on_timeout: degrade), and a replica is promoted";
  }
  if (std::string why = WhyLostAfter(scenario, scenario.replication().visible_after());
      !why.empty()) {
    return absl::StrCat("a write may be lost after it was shown (visible_after): ", why);
  }
  return WhyInheritedMayBeLost(scenario);
}

std::string WhyShownByReplicaMayBeLost(const proto::Scenario& scenario) {
  if (!HasPromotion(scenario)) {
    // The primary leads again; a replica truncates what that primary has lost.
    return WhyLostAfter(scenario, scenario.replication().send_after());
  }
  if (!ReplicaWaitsToShow(scenario.replication())) {
    return "a replica shows a write before it is committed, and a replica is promoted";
  }
  if (MayRestart(scenario)) {
    return "a restarted node shows all that it recovers, and a replica is promoted";
  }
  if (std::string why = WhyAcknowledgedMayBeLost(scenario); !why.empty()) return why;
  return WhyShownByPrimaryMayBeLost(scenario);
}

bool MayFollowTwoPrimaries(const proto::Scenario& scenario) {
  return HasPromotion(scenario) && HasSeveralSites(scenario.cluster());
}

std::string WhyDeposedPrimaryMayAnswer(const proto::Scenario& scenario) {
  if (MayFollowTwoPrimaries(scenario)) {
    return "clients of several sites may take different nodes for the primary";
  }
  if (Elects(scenario)) return "a deposed primary answers reads until it learns of its successor";
  for (int i = 0; i < scenario.faults_size(); ++i) {
    if (scenario.faults(i).do_() != proto::PROMOTE) continue;
    const Before before = BeforeFault(scenario, i);
    if (!before.unsure.empty()) return before.unsure;
    if (!before.leader_dead) return "the old primary may still answer after the promotion";
  }
  return "";
}

std::string WhyAcknowledgedBeforeShown(const proto::Scenario& scenario) {
  const proto::ReplicationSpec& spec = scenario.replication();
  return IsImplied(scenario, spec.visible_after(), spec.ack_after())
             ? ""
             : "a write may be acknowledged before the primary shows it";
}

}  // namespace replsim
