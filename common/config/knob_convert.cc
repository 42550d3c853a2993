#include "common/config/knob_convert.h"

#include <optional>
#include <string>
#include <utility>

#include "common/base/status.h"

namespace replsim {
namespace {

absl::Status Missing(absl::string_view knob) {
  return absl::InvalidArgumentError(
      absl::StrCat(knob, " is not set: a node needs the configuration of a resolved scenario"));
}

std::optional<Stage> ToStage(proto::AckStage stage) {
  switch (stage) {
    case proto::APPEND:
      return Stage::kAppend;
    case proto::WRITE:
      return Stage::kWrite;
    case proto::FLUSH:
      return Stage::kFlush;
    case proto::REPLICA_RECEIVE:
      return Stage::kReplicaReceive;
    case proto::REPLICA_WRITE:
      return Stage::kReplicaWrite;
    case proto::REPLICA_FLUSH:
      return Stage::kReplicaFlush;
    case proto::REPLICA_APPLY:
      return Stage::kReplicaApply;
    default:
      return std::nullopt;
  }
}

std::optional<Order> ToOrder(proto::LogOrder order) {
  switch (order) {
    case proto::PRIMARY_FIRST:
      return Order::kPrimaryFirst;
    case proto::REPLICAS_FIRST:
      return Order::kReplicasFirst;
    default:
      return std::nullopt;
  }
}

std::optional<ReplicaApply> ToReplicaApply(proto::ApplyWhen when) {
  switch (when) {
    case proto::ON_RECEIVE:
      return ReplicaApply::kOnReceive;
    case proto::ON_FLUSH:
      return ReplicaApply::kOnFlush;
    case proto::ON_COMMIT:
      return ReplicaApply::kOnCommit;
    default:
      return std::nullopt;
  }
}

std::optional<OnTimeout> ToOnTimeout(proto::TimeoutPolicy policy) {
  switch (policy) {
    case proto::BLOCK:
      return OnTimeout::kBlock;
    case proto::REJECT:
      return OnTimeout::kReject;
    case proto::ANSWER_UNKNOWN:
      return OnTimeout::kUnknown;
    case proto::DEGRADE:
      return OnTimeout::kDegrade;
    default:
      return std::nullopt;
  }
}

std::optional<Sync> ToSync(proto::SyncPolicy sync) {
  switch (sync) {
    case proto::EVERY_WRITE:
      return Sync::kEveryWrite;
    case proto::EVERY_BATCH:
      return Sync::kEveryBatch;
    case proto::INTERVAL:
      return Sync::kInterval;
    case proto::OS:
      return Sync::kOs;
    default:
      return std::nullopt;
  }
}

std::optional<IoModel> ToIoModel(proto::Io io) {
  switch (io) {
    case proto::IO_BLOCKING:
      return IoModel::kBlocking;
    case proto::THREAD:
      return IoModel::kThread;
    case proto::IO_URING:
      return IoModel::kIoUring;
    default:
      return std::nullopt;
  }
}

std::optional<Drain> ToDrain(proto::Drain drain) {
  switch (drain) {
    case proto::APPLY_FIRST:
      return Drain::kApply;
    case proto::NO_DRAIN:
      return Drain::kNone;
    default:
      return std::nullopt;
  }
}

std::optional<TakeOver> ToTakeOver(proto::TakeOver take_over) {
  switch (take_over) {
    case proto::AT_ONCE:
      return TakeOver::kAtOnce;
    case proto::OWN_RECORD:
      return TakeOver::kOwnRecord;
    default:
      return std::nullopt;
  }
}

std::optional<GrantRule> ToGrantRule(proto::GrantRule rule) {
  switch (rule) {
    case proto::NOT_BEHIND:
      return GrantRule::kNotBehind;
    case proto::ANY_CANDIDATE:
      return GrantRule::kAny;
    case proto::IN_SYNC_SET:
      return GrantRule::kInSyncSet;
    case proto::IN_SYNC_QUORUM:
      return GrantRule::kInSyncQuorum;
    default:
      return std::nullopt;
  }
}

std::optional<SyncSet> ToSyncSet(const proto::SyncSetSpec& spec) {
  SyncSet set;
  set.count = spec.count();
  for (const std::string& id : spec.ids()) set.ids.emplace_back(id);
  switch (spec.kind()) {
    case proto::SyncSetSpec::ANY_OF:
      set.kind = SyncSet::Kind::kAny;
      return set;
    case proto::SyncSetSpec::FIRST_OF:
      set.kind = SyncSet::Kind::kFirst;
      return set;
    case proto::SyncSetSpec::MAJORITY:
      set.kind = SyncSet::Kind::kMajority;
      return set;
    case proto::SyncSetSpec::ALL:
      set.kind = SyncSet::Kind::kAll;
      return set;
    case proto::SyncSetSpec::IN_SYNC:
      set.kind = SyncSet::Kind::kInSync;
      return set;
    default:
      return std::nullopt;
  }
}

template <typename T>
absl::Status Assign(const std::optional<T>& value, absl::string_view knob, T* out) {
  if (!value.has_value()) return Missing(knob);
  *out = *value;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ReplicationKnobs> ToKnobs(const proto::ReplicationSpec& spec) {
  ReplicationKnobs knobs;
  REPL_RETURN_IF_ERROR(
      Assign(ToStage(spec.ack_after()), "replication.ack_after", &knobs.ack_after));
  REPL_RETURN_IF_ERROR(Assign(ToSyncSet(spec.sync_set()), "replication.sync_set", &knobs.sync_set));
  if (knobs.sync_set.kind == SyncSet::Kind::kInSync) {
    if (!spec.in_sync().has_leave_after()) return Missing("replication.in_sync.leave_after");
    if (!spec.in_sync().has_min()) return Missing("replication.in_sync.min");
    knobs.in_sync = {spec.in_sync().size(), Nanos(spec.in_sync().leave_after().ns()),
                     spec.in_sync().min(), spec.in_sync().acks()};
  }
  REPL_RETURN_IF_ERROR(
      Assign(ToStage(spec.visible_after()), "replication.visible_after", &knobs.visible_after));
  REPL_RETURN_IF_ERROR(Assign(ToOrder(spec.order()), "replication.order", &knobs.order));
  REPL_RETURN_IF_ERROR(Assign(ToReplicaApply(spec.replica_apply()), "replication.replica_apply",
                              &knobs.replica_apply));
  REPL_RETURN_IF_ERROR(
      Assign(ToOnTimeout(spec.on_timeout()), "replication.on_timeout", &knobs.on_timeout));
  if (!spec.has_timeout()) return Missing("replication.timeout");
  knobs.timeout = Nanos(spec.timeout().ns());
  REPL_RETURN_IF_ERROR(
      Assign(ToStage(spec.send_after()), "replication.send_after", &knobs.send_after));
  if (!spec.has_serialize_keys()) return Missing("replication.serialize_keys");
  knobs.serialize_keys = spec.serialize_keys();
  return knobs;
}

absl::StatusOr<DurabilityKnobs> ToKnobs(const proto::Durability& durability) {
  DurabilityKnobs knobs;
  REPL_RETURN_IF_ERROR(Assign(ToSync(durability.sync()), "cluster.durability.sync", &knobs.sync));
  if (!durability.has_interval()) return Missing("cluster.durability.interval");
  knobs.interval = Nanos(durability.interval().ns());
  REPL_RETURN_IF_ERROR(Assign(ToIoModel(durability.io()), "cluster.durability.io", &knobs.io));
  knobs.group_delay = Nanos(durability.group_delay().ns());  // 0 if absent
  knobs.group_size = durability.group_size();
  return knobs;
}

absl::StatusOr<FailoverKnobs> ToKnobs(const proto::Failover& failover) {
  FailoverKnobs knobs;
  REPL_RETURN_IF_ERROR(Assign(ToDrain(failover.drain()), "failover.drain", &knobs.drain));
  REPL_RETURN_IF_ERROR(
      Assign(ToTakeOver(failover.take_over()), "failover.take_over", &knobs.take_over));
  if (!failover.has_promotion_time()) return Missing("failover.promotion_time");
  knobs.promotion_time = Nanos(failover.promotion_time().ns());
  return knobs;
}

absl::StatusOr<ElectionKnobs> ToElectionKnobs(const proto::Failover& failover, const NodeId& node) {
  ElectionKnobs knobs;
  knobs.rejoin = failover.rejoin() == proto::FOLLOW ? Rejoin::kFollow : Rejoin::kWait;
  if (!failover.has_suspect_after()) return knobs;
  knobs.suspect_after = Nanos(failover.suspect_after().ns());
  if (!failover.has_pre_vote()) return Missing("failover.pre_vote");
  knobs.pre_vote = failover.pre_vote();
  REPL_RETURN_IF_ERROR(
      Assign(ToSyncSet(failover.granted_by()), "failover.granted_by", &knobs.granted_by));
  REPL_RETURN_IF_ERROR(
      Assign(ToGrantRule(failover.grant_rule()), "failover.grant_rule", &knobs.grant_rule));
  if (failover.unclean_restart() == proto::NOT_ELIGIBLE) {
    knobs.unclean_restart = UncleanRestart::kNotEligible;
  }
  if (failover.has_unclean_after()) knobs.unclean_after = Nanos(failover.unclean_after().ns());
  if (failover.has_takeover_after()) knobs.takeover_after = Nanos(failover.takeover_after().ns());
  if (failover.has_lag_max()) knobs.lag_max = failover.lag_max().bytes();
  if (failover.has_lose_lead()) {
    REPL_RETURN_IF_ERROR(Assign(ToSyncSet(failover.lose_lead().without()),
                                "failover.lose_lead.without", &knobs.lose_lead_without));
    knobs.lose_lead_after = Nanos(failover.lose_lead().for_().ns());
  }
  if (failover.has_suspect_together()) {
    SyncSet together;
    REPL_RETURN_IF_ERROR(
        Assign(ToSyncSet(failover.suspect_together()), "failover.suspect_together", &together));
    knobs.suspect_together = std::move(together);
    const bool all = failover.observers() != proto::WITNESSES_OBSERVE;
    knobs.observers = all ? Observers::kAll : Observers::kWitnesses;
  }
  const bool witness_picks = failover.initiator() == proto::BY_WITNESS;
  knobs.initiator = witness_picks ? Initiator::kWitness : Initiator::kCandidate;
  for (const std::string& id : failover.priority()) knobs.priority.emplace_back(id);
  knobs.voters = failover.voters() == proto::WITNESSES ? Voters::kWitnesses : Voters::kAll;
  knobs.lease_renew = Nanos(failover.lease_renew().ns());        // 0 if absent
  knobs.promotion_time = Nanos(failover.promotion_time().ns());  // 0 if absent
  knobs.quiet_period = Nanos(failover.quiet_period().ns());      // 0 if absent
  knobs.disk_stall_after = Nanos(failover.disk_stall_after().ns());
  if (failover.has_lease()) {
    if (!failover.has_lease_margin()) return Missing("failover.lease_margin");
    knobs.lease = Nanos(failover.lease().ns());
    knobs.lease_margin = Nanos(failover.lease_margin().ns());
  }
  for (const std::string& id : failover.never_leads()) {
    knobs.never_leads.emplace_back(id);
    if (id == node.name()) knobs.may_lead = false;
  }
  return knobs;
}

}  // namespace replsim
