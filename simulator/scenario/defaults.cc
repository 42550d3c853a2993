#include "simulator/scenario/defaults.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "common/base/time.h"
#include "simulator/fault_kinds/fault_kind.h"
#include "simulator/scenario/check.h"
#include "simulator/scenario/election_defaults.h"
#include "simulator/scenario/election_presets.h"
#include "simulator/scenario/links.h"
#include "simulator/scenario/presets.h"
#include "simulator/scenario/scale_time.h"

namespace replsim {
namespace {

constexpr char kDefaultPreset[] = "async";

void Set(Nanos value, proto::Duration* duration) { duration->set_ns(value.count()); }

bool HasKnobs(const proto::ReplicationSpec& spec) {
  return spec.ack_after() != 0 || spec.has_sync_set() || spec.visible_after() != 0 ||
         spec.order() != 0 || spec.replica_apply() != 0 || spec.on_timeout() != 0 ||
         spec.has_timeout() || spec.send_after() != 0 || spec.has_serialize_keys() ||
         spec.has_in_sync();
}

// MergeFrom alone would mix two sync sets, whose count and ids belong together, and would ignore a
// time of 0.
void MergeOwn(const proto::ReplicationSpec& own, proto::ReplicationSpec* spec) {
  if (own.has_sync_set()) spec->clear_sync_set();
  if (own.in_sync().has_leave_after()) spec->mutable_in_sync()->clear_leave_after();
  spec->MergeFrom(own);
}

// The in-sync set of the election preset, its times multiplied by `scale`.
void MergeElectionPreset(const std::string& name, double scale, proto::ReplicationSpec* spec) {
  const ElectionPreset* const preset = FindElectionPreset(name);
  if (preset == nullptr || !preset->replication.has_sync_set()) return;
  MergeOwn(preset->replication, spec);
  ScaleTime(scale, spec->mutable_in_sync()->mutable_leave_after());
}

// With another sync set, only what the scenario sets itself is left, which the check refuses.
void FillInSync(const proto::ReplicationSpec& own, proto::ReplicationSpec* spec) {
  if (spec->sync_set().kind() != proto::SyncSetSpec::IN_SYNC) {
    if (!own.has_in_sync()) spec->clear_in_sync();
    return;
  }
  proto::InSync* set = spec->mutable_in_sync();
  if (!set->has_leave_after()) Set(Millis(10'000), set->mutable_leave_after());
  if (!set->has_min()) set->set_min(0);
}

const Preset& PresetOf(const Places& places, const std::string& name, Mistakes* mistakes) {
  if (const Preset* preset = FindPreset(name)) return *preset;
  if (name.empty() && places.Has("replication.preset")) {
    mistakes->Add(places.Find("replication.preset"),
                  "replication.preset is empty; expected the name of one, e.g. async");
  }
  if (!name.empty()) {
    const bool elects = FindElectionPreset(name) != nullptr;
    mistakes->Add(
        places.Find("replication.preset"),
        absl::StrCat("unknown preset '", name, "'",
                     elects ? "; it is one of failover.preset" : Suggest(name, PresetNames())));
  }
  return *FindPreset(kDefaultPreset);
}

// Returns the preset with its times multiplied by `scale`.
Preset Scaled(const Preset& preset, double scale) {
  Preset scaled = preset;
  const auto multiply = [scale](proto::Duration* duration) { ScaleTime(scale, duration); };
  multiply(scaled.knobs.mutable_timeout());
  if (scaled.durability.has_interval()) multiply(scaled.durability.mutable_interval());
  if (scaled.heartbeat.has_interval()) multiply(scaled.heartbeat.mutable_interval());
  if (scaled.heartbeat.has_timeout()) multiply(scaled.heartbeat.mutable_timeout());
  if (scaled.failover.has_promotion_time()) multiply(scaled.failover.mutable_promotion_time());
  return scaled;
}

void FillDurability(const proto::Durability& implied, proto::Durability* durability) {
  // A policy that the scenario sets applies to every node, unless the scenario sets the replicas'
  // policy.
  if (durability->sync() == proto::SYNC_UNSPECIFIED && !durability->has_replica() &&
      implied.has_replica()) {
    *durability->mutable_replica() = implied.replica();
  }
  if (durability->sync() == proto::SYNC_UNSPECIFIED) durability->set_sync(implied.sync());
  if (durability->sync() == proto::SYNC_UNSPECIFIED) durability->set_sync(proto::EVERY_BATCH);
  if (!durability->has_interval() && implied.has_interval()) {
    *durability->mutable_interval() = implied.interval();
  }
  if (!durability->has_interval()) Set(Millis(200), durability->mutable_interval());
  if (durability->io() == proto::IO_UNSPECIFIED) durability->set_io(proto::THREAD);
  if (durability->on_fsync_error() == proto::FSYNC_ERROR_UNSPECIFIED) {
    durability->set_on_fsync_error(proto::STOP);
  }
}

// `failover` is filled in.
void FillHeartbeat(const proto::Heartbeat& implied, const proto::Failover& failover, double scale,
                   proto::Heartbeat* heartbeat) {
  const bool timed = heartbeat->has_timeout();
  const bool has_interval = heartbeat->has_interval();
  if (!timed) {
    Set(Nanos(implied.has_timeout() ? implied.timeout().ns() : Millis(1000).count()),
        heartbeat->mutable_timeout());
  }
  if (!has_interval) {
    int64_t interval = implied.has_interval() ? implied.interval().ns() : Millis(100).count();
    // A preset's interval fits only the preset's timeout.
    if (timed) interval = std::min(interval, std::max<int64_t>(1, heartbeat->timeout().ns() / 3));
    Set(Nanos(interval), heartbeat->mutable_interval());
  }
  FitToElections(failover, scale, has_interval, timed, heartbeat);
}

void FillFailover(const proto::Failover& implied, const proto::ReplicationSpec& spec,
                  proto::Failover* failover) {
  if (failover->drain() == proto::DRAIN_UNSPECIFIED) failover->set_drain(proto::APPLY_FIRST);
  if (!failover->has_promotion_time()) {
    Set(Nanos(implied.promotion_time().ns()), failover->mutable_promotion_time());
  }
  if (failover->take_over() == proto::TAKE_OVER_UNSPECIFIED) {
    failover->set_take_over(TakeOverOf(spec));
  }
}

void FillReplication(const Places& places, proto::Scenario* scenario, Mistakes* mistakes) {
  const proto::ReplicationSpec own = scenario->replication();
  const double scale = own.has_scale_times() ? own.scale_times() : 1;
  const bool scales = scale > 0 && scale <= kMaxScaleTimes;  // otherwise the check refuses it
  const double factor = scales ? scale : 1;
  const Preset preset = Scaled(PresetOf(places, own.preset(), mistakes), factor);
  proto::ReplicationSpec spec = preset.knobs;
  if (own.preset().empty() && HasKnobs(own)) {
    spec.clear_preset();
    if (own.ack_after() != 0) spec.set_visible_after(own.ack_after());
  }
  MergeElectionPreset(scenario->failover().preset(), factor, &spec);
  MergeOwn(own, &spec);
  FillInSync(own, &spec);
  // With this order the primary logs after it has sent, so sending cannot wait for a stage of the
  // primary.
  if (spec.order() == proto::REPLICAS_FIRST && own.send_after() == 0) {
    spec.set_send_after(proto::APPEND);
  }
  *scenario->mutable_replication() = spec;
  FillDurability(preset.durability, scenario->mutable_cluster()->mutable_durability());
  FillElections(places, factor, scenario->mutable_failover(), mistakes);
  FillFailover(preset.failover, spec, scenario->mutable_failover());
  FillHeartbeat(preset.heartbeat, scenario->failover(), factor,
                scenario->mutable_cluster()->mutable_heartbeat());
}

// The witnesses that a setting of elections needs: the preset's, or as many as a store of the
// primary's key has.
constexpr uint32_t kStoreNodes = 3;

void FillWitnesses(const proto::Failover& failover, proto::Cluster* cluster) {
  if (failover.voters() != proto::WITNESSES || cluster->has_witnesses()) return;
  const ElectionPreset* const preset = FindElectionPreset(failover.preset());
  const uint32_t implied = preset == nullptr ? 0 : preset->witnesses;
  cluster->set_witnesses(implied > 0 ? implied : kStoreNodes);
}

void FillCluster(proto::Cluster* cluster) {
  if (!cluster->has_replicas()) cluster->set_replicas(2);
  if (!cluster->has_record()) cluster->set_record(true);
  if (!cluster->has_metrics_port()) cluster->set_metrics_port(0);
}

void FillKeys(proto::Keys* keys) {
  if (!keys->has_count()) keys->set_count(10000);
  if (keys->distribution() == proto::DISTRIBUTION_UNSPECIFIED) {
    keys->set_distribution(proto::UNIFORM);
  }
  if (keys->distribution() == proto::ZIPF && !keys->has_exponent()) keys->set_exponent(0.99);
  if (keys->distribution() == proto::HOT_SPOT) {
    if (!keys->has_hot_operations()) keys->set_hot_operations(0.9);
    if (!keys->has_hot_keys()) keys->set_hot_keys(0.1);
  }
}

void FillProxy(proto::Proxy* proxy) {
  if (!proxy->has_check_every()) Set(Millis(2000), proxy->mutable_check_every());
  if (!proxy->has_rise()) proxy->set_rise(2);
  if (!proxy->has_fall()) proxy->set_fall(3);
}

// Without `session` in the file there is none in the resolved scenario.
void FillSession(proto::ReadSession* session) {
  if (session->node() == proto::SESSION_NODE_UNSPECIFIED) session->set_node(proto::EACH_READ);
  if (session->node() == proto::MOVING && !session->has_moves_every()) {
    Set(Millis(1000), session->mutable_moves_every());
  }
}

void FillWorkload(proto::Workload* workload) {
  if (!workload->has_clients()) workload->set_clients(16);
  if (workload->style() == proto::STYLE_UNSPECIFIED) workload->set_style(proto::BLOCKING);
  if (workload->style() != proto::BLOCKING && !workload->has_depth()) workload->set_depth(16);
  if (workload->style() == proto::TICKET && !workload->watch() && !workload->has_poll()) {
    Set(Millis(50), workload->mutable_poll());
  }
  if (workload->retry() == proto::RETRY_UNSPECIFIED) workload->set_retry(proto::NO_RETRY);
  if (!workload->has_deadline()) Set(Millis(5000), workload->mutable_deadline());
  if (workload->arrival().has_closed()) {
    proto::Arrival::Closed* closed = workload->mutable_arrival()->mutable_closed();
    if (!closed->has_think()) Set(Nanos(0), closed->mutable_think());
  }
  if (!workload->has_mix()) {
    workload->mutable_mix()->set_write(0.5);
    workload->mutable_mix()->set_read(0.5);
  }
  if (!workload->mix().has_write()) workload->mutable_mix()->set_write(0);
  if (!workload->mix().has_read()) workload->mutable_mix()->set_read(0);
  if (!workload->has_read_from()) workload->mutable_read_from()->set_node("primary");
  if (workload->read_wait() == proto::WAIT_UNSPECIFIED) workload->set_read_wait(proto::NO_WAIT);
  if (workload->has_session()) FillSession(workload->mutable_session());
  if (!workload->has_read_own_writes()) workload->set_read_own_writes(0);
  if (workload->find_primary() == proto::FIND_UNSPECIFIED) workload->set_find_primary(proto::TOLD);
  if (workload->find_primary() == proto::ASK_NODES && !workload->has_ask_every()) {
    Set(Millis(100), workload->mutable_ask_every());
  }
  if (workload->find_primary() == proto::PROXY) FillProxy(workload->mutable_proxy());
  FillKeys(workload->mutable_keys());
  if (workload->mix().transaction() > 0 && !workload->has_transaction_keys()) {
    workload->set_transaction_keys(2);
  }
  if (!workload->has_value_bytes()) workload->mutable_value_bytes()->set_bytes(100);
}

// Fills in a link or a set-link fault. If anything is set, delay and jitter are filled in. The
// check refuses an entry that sets nothing.
template <typename Link>
void FillLink(Link* link) {
  if (!link->has_delay() && !link->has_jitter() && !link->has_bandwidth() && !link->has_loss()) {
    return;
  }
  if (!link->has_delay()) Set(Nanos(0), link->mutable_delay()->mutable_plus());
  if (!link->has_jitter()) Set(Nanos(0), link->mutable_jitter());
}

void FillFault(proto::Fault* fault) {
  proto::When* when = fault->mutable_when();
  if (!when->point().empty() && !when->has_hit() && !when->has_lsn()) when->set_hit(1);
  const FaultKind* const kind = FindFaultKind(fault->do_());
  if (kind != nullptr && kind->fill != nullptr) kind->fill(fault);
  if (fault->do_() == proto::SET_LINK) FillLink(fault);
}

// If clients sit in several groups, each group is a site, and its clients get the name client@NAME.
void SpellOutClients(proto::Cluster* cluster) {
  const auto has_clients = [](const proto::Group& group) {
    return std::find(group.nodes().begin(), group.nodes().end(), "client") != group.nodes().end();
  };
  if (std::count_if(cluster->groups().begin(), cluster->groups().end(), has_clients) < 2) return;
  for (proto::Group& group : *cluster->mutable_groups()) {
    for (std::string& node : *group.mutable_nodes()) {
      if (node == "client") node = ClientsOf(group);
    }
  }
}

// The cluster may have to elect a primary first, and a round may be lost.
Nanos SettleFor(const proto::Failover& failover) {
  const Nanos round(std::max(failover.suspect_after().ns(), failover.lease().ns()));
  return Millis(10000) + 3 * round + Nanos(failover.quiet_period().ns());
}

}  // namespace

void FillDefaults(const Places& places, proto::Scenario* scenario, Mistakes* mistakes) {
  if (!scenario->has_seed()) scenario->set_seed(1);
  FillReplication(places, scenario, mistakes);
  if (!scenario->has_settle()) Set(SettleFor(scenario->failover()), scenario->mutable_settle());
  FillWitnesses(scenario->failover(), scenario->mutable_cluster());
  FillCluster(scenario->mutable_cluster());
  FillWorkload(scenario->mutable_workload());
  SpellOutClients(scenario->mutable_cluster());
  for (proto::Link& link : *scenario->mutable_network()) {
    if (link.has_rtt()) {
      if (!link.has_jitter()) Set(Nanos(0), link.mutable_jitter());
    } else {
      FillLink(&link);
    }
    ExpandGroups(scenario->cluster(), link.mutable_from());
    ExpandGroups(scenario->cluster(), link.mutable_to());
  }
  for (proto::Fault& fault : *scenario->mutable_faults()) {
    FillFault(&fault);
    ExpandGroups(scenario->cluster(), fault.mutable_from());
    ExpandGroups(scenario->cluster(), fault.mutable_to());
  }
}

}  // namespace replsim
