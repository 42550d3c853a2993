#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/suggest.h"
#include "common/config/ack_stage.h"
#include "simulator/promise/node_durability.h"
#include "simulator/scenario/check_parts.h"
#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

bool IsFlush(proto::AckStage stage) {
  return stage == proto::FLUSH || stage == proto::REPLICA_FLUSH;
}
std::string Word(proto::AckStage stage) {
  return WordOf(*proto::AckStage_descriptor()->FindValueByNumber(stage));
}

// Returns the key to change for a knob: the knob itself, or the preset that set it.
std::string KnobPath(const CheckContext& context, const std::string& knob) {
  const std::string path = "replication." + knob;
  return context.places.Has(path) ? path : "replication.preset";
}

// Returns "ack_after replica-flush", with the preset that set it.
std::string Said(const CheckContext& context, const std::string& knob, const std::string& value) {
  if (context.places.Has("replication." + knob)) return absl::StrCat(knob, " ", value);
  return absl::StrCat(knob, " ", value, " (preset ", context.scenario.replication().preset(), ")");
}

void CheckIds(const CheckContext& context, const proto::SyncSetSpec& set) {
  const std::string path = KnobPath(context, "sync_set");
  const std::vector<std::string> known = ReplicaIds(context.scenario);
  std::set<std::string> seen;
  for (const std::string& id : set.ids()) {
    if (std::find(known.begin(), known.end(), id) == known.end()) {
      context.Refuse(path,
                     absl::StrCat("sync_set names unknown replica '", id, "'", Suggest(id, known)));
    } else if (!seen.insert(id).second) {
      context.Refuse(path, absl::StrCat("sync_set names '", id, "' twice"));
    }
  }
  if (set.ids_size() > 0 && static_cast<uint32_t>(set.ids_size()) < set.count()) {
    context.Refuse(path,
                   absl::StrCat("'", ToText(set), "' names fewer replicas than it waits for"));
  }
}

void CheckSyncSet(const CheckContext& context, bool used) {
  const proto::ReplicationSpec& spec = context.scenario.replication();
  const uint32_t replicas = context.scenario.cluster().replicas();
  const bool counts = spec.sync_set().kind() == proto::SyncSetSpec::ANY_OF ||
                      spec.sync_set().kind() == proto::SyncSetSpec::FIRST_OF;
  CheckIds(context, spec.sync_set());
  if (counts && spec.sync_set().count() > kMaxReplicas) {
    context.Refuse(
        KnobPath(context, "sync_set"),
        absl::StrCat("sync_set '", ToText(spec.sync_set()), "' waits for ", spec.sync_set().count(),
                     " replicas; expected at most ", kMaxReplicas));
    return;
  }
  // A sync set that no gate uses is allowed, because a resolved scenario spells out every knob.
  if (counts && spec.sync_set().count() > std::max(replicas, used ? 0u : 1u) && replicas > 0) {
    context.Refuse(KnobPath(context, "sync_set"),
                   absl::StrCat("sync_set '", ToText(spec.sync_set()), "' waits for ",
                                spec.sync_set().count(), " replicas; the cluster has ", replicas));
  }
}

std::string InSyncPath(const CheckContext& context) {
  if (context.places.Has("replication.sync_set")) return "replication.sync_set";
  return context.places.Has("failover.preset") ? "failover.preset" : "replication.preset";
}

void CheckInSyncSize(const CheckContext& context) {
  const proto::InSync& set = context.scenario.replication().in_sync();
  const auto may_lead = static_cast<uint32_t>(context.scenario.cluster().replicas() -
                                              context.scenario.failover().never_leads_size());
  const std::string path = "replication.in_sync";
  if (set.leave_after().ns() == 0) {
    context.Refuse(path + ".leave_after",
                   "replication.in_sync.leave_after is zero, so every replica would leave at once; "
                   "expected a time, e.g. 10s");
  }
  if (set.has_size() && (set.size() == 0 || set.size() > kMaxReplicas)) {
    context.Refuse(path + ".size", absl::StrCat("replication.in_sync.size is ", set.size(),
                                                "; expected 1 to ", kMaxReplicas, " replicas"));
  } else if (set.has_size() && set.min() > set.size()) {
    context.Refuse(path + ".min",
                   absl::StrCat("replication.in_sync.min ", set.min(), " is above its size ",
                                set.size(), ", so no write could pass; expected at most that"));
  } else if (set.min() > may_lead && context.Known("cluster.replicas")) {
    context.Refuse(context.places.Has(path + ".min") ? path + ".min" : InSyncPath(context),
                   absl::StrCat("replication.in_sync.min needs ", set.min(),
                                " replicas that may lead; the cluster has ", may_lead));
  }
}

void CheckInSyncAcks(const CheckContext& context) {
  const proto::InSync& set = context.scenario.replication().in_sync();
  if (!set.has_acks()) return;
  const std::string path = "replication.in_sync.acks";
  const std::string at = context.places.Has(path) ? path : InSyncPath(context);
  const uint32_t replicas = context.scenario.cluster().replicas();
  if (set.acks() == 0) {
    context.Refuse(at, absl::StrCat(path,
                                    " is 0, so the set would not matter; expected at least "
                                    "1, or none for every replica of the set"));
  } else if (set.has_size() && set.acks() > set.size()) {
    context.Refuse(at, absl::StrCat(path, " ", set.acks(), " is above in_sync.size ", set.size(),
                                    "; expected at most that"));
  } else if (set.acks() > replicas && context.Known("cluster.replicas")) {
    context.Refuse(
        at, absl::StrCat(path, " needs ", set.acks(), " replicas; the cluster has ", replicas));
  }
}

void CheckInSync(const CheckContext& context) {
  const proto::ReplicationSpec& spec = context.scenario.replication();
  const proto::Failover& failover = context.scenario.failover();
  if (spec.sync_set().kind() != proto::SyncSetSpec::IN_SYNC) {
    if (!spec.has_in_sync()) return;
    return context.Refuse("replication.in_sync",
                          absl::StrCat("replication.in_sync has no effect with sync_set '",
                                       ToText(spec.sync_set()), "'; expected sync_set in-sync"));
  }
  if (!IsReplicaStage(spec.ack_after()) && !IsReplicaStage(spec.visible_after())) {
    return context.Refuse(
        InSyncPath(context),
        absl::StrCat(
            "sync_set in-sync has no effect: ", Said(context, "ack_after", Word(spec.ack_after())),
            " waits for no replica; expected a stage of the replicas, e.g. "
            "replication.preset postgres:on or kafka:acks_all"));
  }
  if (failover.voters() != proto::WITNESSES || !failover.has_suspect_after()) {
    return context.Refuse(InSyncPath(context),
                          "sync_set in-sync needs witnesses that store the set and alone vote; "
                          "expected failover.preset patroni:sync or kafka:elr, or "
                          "failover.voters witnesses");
  }
  CheckInSyncSize(context);
  CheckInSyncAcks(context);
}

// Returns the nodes that never flush, as a primary or as a replica.
std::vector<std::string> WithoutFlush(const CheckContext& context, bool as_replica) {
  const proto::Cluster& cluster = context.scenario.cluster();
  std::vector<std::string> nodes;
  for (const std::string& node :
       as_replica ? ReplicaIds(context.scenario) : NodeIds(context.scenario)) {
    const proto::Durability durability =
        as_replica ? DurabilityAsReplica(cluster, node) : DurabilityAsPrimary(cluster, node);
    if (durability.sync() == proto::OS) nodes.push_back(node);
  }
  return nodes;
}

// Returns how many replicas must have flushed before the gate opens.
size_t Wanted(const CheckContext& context) {
  const proto::ReplicationSpec& spec = context.scenario.replication();
  const proto::SyncSetSpec& set = spec.sync_set();
  const size_t replicas = context.scenario.cluster().replicas();
  switch (set.kind()) {
    case proto::SyncSetSpec::MAJORITY:
      return (replicas + 1) / 2;
    case proto::SyncSetSpec::ALL:
      return replicas;
    case proto::SyncSetSpec::IN_SYNC:  // each of them may be a member
      return spec.in_sync().has_acks() ? spec.in_sync().acks() : replicas;
    default:
      return set.count();
  }
}

void CheckFlushGate(const CheckContext& context, const char* knob, proto::AckStage stage) {
  const bool of_replicas = stage == proto::REPLICA_FLUSH;
  const std::vector<std::string> without = WithoutFlush(context, of_replicas);
  if (without.empty()) return;
  const size_t left = context.scenario.cluster().replicas() - (of_replicas ? without.size() : 0);
  if (of_replicas && left >= Wanted(context)) return;
  context.Refuse(
      KnobPath(context, knob),
      absl::StrCat(Said(context, knob, Word(stage)), " waits for a flush, but durability.sync os (",
                   absl::StrJoin(without, ", "),
                   ") never flushes; expected every-write, every-batch or interval, or a stage "
                   "before the flush"));
}

void CheckStages(const CheckContext& context) {
  const proto::ReplicationSpec& spec = context.scenario.replication();
  const std::pair<const char*, proto::AckStage> gates[] = {{"ack_after", spec.ack_after()},
                                                           {"visible_after", spec.visible_after()}};
  for (const auto& [knob, stage] : gates) {
    if (IsReplicaStage(stage) && context.scenario.cluster().replicas() == 0) {
      context.Refuse(KnobPath(context, knob),
                     absl::StrCat(Said(context, knob, Word(stage)),
                                  " waits for replicas; the cluster has none"));
    } else if (IsFlush(stage)) {
      CheckFlushGate(context, knob, stage);
    }
  }
  const std::vector<std::string> without = WithoutFlush(context, /*as_replica=*/true);
  if (spec.replica_apply() == proto::ON_FLUSH && !without.empty()) {
    context.Refuse(KnobPath(context, "replica_apply"),
                   absl::StrCat(Said(context, "replica_apply", "on-flush"),
                                " waits for a flush, but durability.sync os never flushes: ",
                                absl::StrJoin(without, ", "), " would never apply"));
  }
}

void CheckDeadlocks(const CheckContext& context) {
  const proto::ReplicationSpec& spec = context.scenario.replication();
  // The commit position is the position that has passed the ack gate.
  if (spec.ack_after() == proto::REPLICA_APPLY && spec.replica_apply() == proto::ON_COMMIT) {
    context.Refuse(
        KnobPath(context,
                 context.places.Has("replication.replica_apply") ? "replica_apply" : "ack_after"),
        "ack_after replica-apply waits until replicas apply, but with replica_apply on-commit they "
        "apply only committed entries: no write could ever commit");
  }
  if (spec.order() == proto::REPLICAS_FIRST && !IsReplicaStage(spec.ack_after())) {
    context.Refuse(
        KnobPath(context, "order"),
        absl::StrCat("order replicas-first needs an ack_after stage of the replicas; read ",
                     Said(context, "ack_after", Word(spec.ack_after()))));
  }
}

// As the primary.
bool NeverFlushes(const CheckContext& context, absl::string_view node) {
  return DurabilityAsPrimary(context.scenario.cluster(), node).sync() == proto::OS;
}

void CheckSendAfter(const CheckContext& context) {
  const proto::ReplicationSpec& spec = context.scenario.replication();
  const std::string said = Said(context, "send_after", Word(spec.send_after()));
  const std::string path = KnobPath(context, "send_after");
  if (IsReplicaStage(spec.send_after())) {
    context.Refuse(path, absl::StrCat(said,
                                      " is a stage of the replicas; expected a stage of the "
                                      "primary: append, write or flush"));
  } else if (spec.order() == proto::REPLICAS_FIRST && spec.send_after() != proto::APPEND) {
    context.Refuse(path, absl::StrCat(said,
                                      " waits for the primary's log, but order replicas-first logs "
                                      "only after sending; expected append"));
  } else if (spec.send_after() == proto::FLUSH && NeverFlushes(context, "p")) {
    context.Refuse(
        path,
        absl::StrCat(said,
                     " waits for a flush, but durability.sync os never flushes, so nothing would "
                     "be sent to a replica; expected send_after: write, or another sync"));
  }
}

void CheckScale(const CheckContext& context) {
  const proto::ReplicationSpec& spec = context.scenario.replication();
  if (!spec.has_scale_times()) return;
  if (spec.scale_times() > 0 && spec.scale_times() <= kMaxScaleTimes) return;
  context.Refuse(
      "replication.scale_times",
      absl::StrCat(
          "scale_times multiplies the preset's times; expected a number above 0 and at most ",
          kMaxScaleTimes, ", such as 0.01"));
}

}  // namespace

void CheckReplication(const CheckContext& context) {
  const proto::ReplicationSpec& spec = context.scenario.replication();
  if (context.places.IsUnread("replication") || context.places.IsUnread("cluster")) return;
  const bool used = IsReplicaStage(spec.ack_after()) || IsReplicaStage(spec.visible_after()) ||
                    spec.order() == proto::REPLICAS_FIRST;
  CheckSyncSet(context, used);
  CheckInSync(context);
  CheckStages(context);
  CheckSendAfter(context);
  CheckScale(context);
  CheckDeadlocks(context);
  if (spec.timeout().ns() == 0) {
    context.Refuse(KnobPath(context, "timeout"),
                   "replication.timeout is zero; a gate needs time (default 1s)");
  }
  CheckDurability(context);
}

}  // namespace replsim
