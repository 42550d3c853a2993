#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "simulator/scenario/check_parts.h"
#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

bool IsReplicaStage(proto::AckStage stage) { return stage >= proto::REPLICA_RECEIVE; }
bool IsFlush(proto::AckStage stage) {
  return stage == proto::FLUSH || stage == proto::REPLICA_FLUSH;
}
std::string Word(proto::AckStage stage) {
  return WordOf(*proto::AckStage_descriptor()->FindValueByNumber(stage));
}

// The key to change for a knob: its own, or the preset that set it.
std::string KnobPath(const CheckContext& context, const std::string& knob) {
  const std::string path = "replication." + knob;
  return context.places.Has(path) ? path : "replication.preset";
}

// "ack_after replica-flush", with the preset it came from.
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
  // A set that nothing waits for may still be there: a resolved scenario spells out every knob.
  if (counts && spec.sync_set().count() > std::max(replicas, used ? 0u : 1u) && replicas > 0) {
    context.Refuse(KnobPath(context, "sync_set"),
                   absl::StrCat("sync_set '", ToText(spec.sync_set()), "' waits for ",
                                spec.sync_set().count(), " replicas; the cluster has ", replicas));
  }
}

void CheckStages(const CheckContext& context) {
  const proto::ReplicationSpec& spec = context.scenario.replication();
  const bool page_cache_only = context.scenario.cluster().durability().sync() == proto::OS;
  const std::pair<const char*, proto::AckStage> gates[] = {{"ack_after", spec.ack_after()},
                                                           {"visible_after", spec.visible_after()}};
  for (const auto& [knob, stage] : gates) {
    if (IsReplicaStage(stage) && context.scenario.cluster().replicas() == 0) {
      context.Refuse(KnobPath(context, knob),
                     absl::StrCat(Said(context, knob, Word(stage)),
                                  " waits for replicas; the cluster has none"));
    }
    if (IsFlush(stage) && page_cache_only) {
      context.Refuse(
          KnobPath(context, knob),
          absl::StrCat(Said(context, knob, Word(stage)),
                       " waits for a flush, and durability.sync os never flushes; expected "
                       "every-write, every-batch or interval, or a stage before the flush"));
    }
  }
  if (spec.replica_apply() == proto::ON_FLUSH && page_cache_only) {
    context.Refuse(KnobPath(context, "replica_apply"),
                   absl::StrCat(Said(context, "replica_apply", "on-flush"),
                                " waits for a flush, and durability.sync os never flushes: no "
                                "replica would ever apply"));
  }
}

void CheckDeadlocks(const CheckContext& context) {
  const proto::ReplicationSpec& spec = context.scenario.replication();
  // The commit position is what has passed the ack gate.
  if (spec.ack_after() == proto::REPLICA_APPLY && spec.replica_apply() == proto::ON_COMMIT) {
    context.Refuse(
        KnobPath(context,
                 context.places.Has("replication.replica_apply") ? "replica_apply" : "ack_after"),
        "ack_after replica-apply waits for replicas to apply, and replica_apply on-commit lets "
        "them apply only what has been committed: neither ever happens");
  }
  if (spec.order() == proto::REPLICAS_FIRST && !IsReplicaStage(spec.ack_after())) {
    context.Refuse(
        KnobPath(context, "order"),
        absl::StrCat("order replicas-first needs an ack_after of the replicas to come first; read ",
                     Said(context, "ack_after", Word(spec.ack_after()))));
  }
}

void CheckDurability(const CheckContext& context) {
  const proto::Durability& durability = context.scenario.cluster().durability();
  if (durability.sync() == proto::INTERVAL && durability.interval().ns() == 0) {
    context.Refuse("cluster.durability.interval",
                   "durability.interval is zero; expected e.g. 200ms, or sync: every-batch");
  }
  const bool gathers = durability.group_delay().ns() > 0;
  if (gathers && durability.sync() != proto::EVERY_BATCH) {
    context.Refuse(
        "cluster.durability.group_delay",
        absl::StrCat("durability.group_delay gathers the writes that share a flush, and sync ",
                     WordOf(*proto::SyncPolicy_descriptor()->FindValueByNumber(durability.sync())),
                     durability.sync() == proto::EVERY_WRITE ? " gives each its own"
                                                             : " has nobody wait for one",
                     "; expected sync: every-batch, or no group_delay"));
  }
  if (!durability.has_group_size()) return;
  if (!gathers) {
    context.Refuse("cluster.durability.group_size",
                   "durability.group_size ends group_delay early, and there is none; expected "
                   "e.g. group_delay: 2ms");
  } else if (durability.group_size() < 2) {
    context.Refuse("cluster.durability.group_size",
                   absl::StrCat("durability.group_size ", durability.group_size(),
                                " lets nothing gather; expected at least 2, or no group_delay"));
  }
}

}  // namespace

void CheckReplication(const CheckContext& context) {
  const proto::ReplicationSpec& spec = context.scenario.replication();
  if (context.places.IsUnread("replication") || context.places.IsUnread("cluster")) return;
  const bool used = IsReplicaStage(spec.ack_after()) || IsReplicaStage(spec.visible_after()) ||
                    spec.order() == proto::REPLICAS_FIRST;
  CheckSyncSet(context, used);
  CheckStages(context);
  CheckDeadlocks(context);
  if (spec.timeout().ns() == 0) {
    context.Refuse(KnobPath(context, "timeout"),
                   "replication.timeout is zero; no gate is reached in no time (default 1s)");
  }
  CheckDurability(context);
}

}  // namespace replsim
