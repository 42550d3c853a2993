#include "simulator/command/quorum_scenario.h"

#include <cmath>

#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

constexpr int64_t kYear = int64_t{365} * 24 * 3600 * 1'000'000'000;

int64_t ToNs(double ms) { return std::llround(ms * 1e6); }

// Sets the links between `end` and every replica, in both directions.
void Connect(const std::string& end, const LatencyMix& there, const LatencyMix& back,
             double remote_ms, proto::Scenario* scenario) {
  proto::Link* to = scenario->add_network();
  proto::Link* from = scenario->add_network();
  *to->mutable_delay() = DelayOf(there, remote_ms);
  *from->mutable_delay() = DelayOf(back, remote_ms);
  to->add_from(end);
  from->add_to(end);
  for (uint32_t i = 1; i <= scenario->cluster().replicas(); ++i) {
    to->add_to(absl::StrCat("r", i));
    from->add_from(absl::StrCat("r", i));
  }
}

void SetReplication(int w, proto::ReplicationSpec* replication) {
  // Replicas acknowledge when they receive. An acknowledgement after the apply would follow that of
  // the receipt and, on an ordered link, take the longer of two draws.
  replication->set_ack_after(proto::REPLICA_RECEIVE);
  replication->mutable_sync_set()->set_kind(proto::SyncSetSpec::ANY_OF);
  replication->mutable_sync_set()->set_count(static_cast<uint32_t>(w));
  replication->set_visible_after(proto::REPLICA_RECEIVE);
  replication->set_order(proto::PRIMARY_FIRST);
  replication->set_replica_apply(proto::ON_RECEIVE);
  replication->set_on_timeout(proto::BLOCK);
  replication->mutable_timeout()->set_ns(kYear);
  replication->set_send_after(proto::WRITE);
  replication->set_serialize_keys(false);
}

void SetNoCost(proto::Machine* machine) {
  machine->mutable_hop()->mutable_plus()->set_ns(0);
  machine->mutable_flush()->mutable_plus()->set_ns(0);
  machine->mutable_write()->mutable_plus()->set_ns(0);
  machine->mutable_wake()->set_ns(0);
  machine->mutable_work()->set_ns(0);
}

}  // namespace

proto::Delay DelayOf(const LatencyMix& latency, double more_ms) {
  proto::Delay delay;
  if (latency.pareto_share > 0) {
    proto::Delay* body = delay.add_mixture();
    body->set_share(latency.pareto_share);
    body->mutable_pareto()->mutable_min()->set_ns(ToNs(latency.min_ms));
    body->mutable_pareto()->set_shape(latency.shape);
  }
  if (latency.pareto_share < 1) {
    proto::Delay* tail = delay.add_mixture();
    tail->set_share(1 - latency.pareto_share);
    tail->mutable_exponential()->mutable_mean()->set_ns(ToNs(1 / latency.rate_per_ms));
  }
  if (more_ms > 0) delay.mutable_plus()->set_ns(ToNs(more_ms));
  return delay;
}

proto::Scenario QuorumScenario(const WarsModel& model, const Quorum& quorum) {
  proto::Scenario scenario;
  scenario.mutable_cluster()->set_replicas(static_cast<uint32_t>(quorum.n));
  scenario.mutable_cluster()->set_record(true);
  scenario.mutable_cluster()->mutable_durability()->set_sync(proto::OS);
  scenario.mutable_cluster()->mutable_durability()->set_io(proto::THREAD);
  scenario.mutable_cluster()->mutable_durability()->mutable_interval()->set_ns(kYear);
  scenario.mutable_cluster()->mutable_heartbeat()->mutable_interval()->set_ns(10 * kYear);
  scenario.mutable_cluster()->mutable_heartbeat()->mutable_timeout()->set_ns(20 * kYear);
  SetReplication(quorum.w, scenario.mutable_replication());
  scenario.mutable_failover()->set_drain(proto::NO_DRAIN);
  scenario.mutable_failover()->set_take_over(proto::AT_ONCE);
  scenario.mutable_failover()->mutable_promotion_time()->set_ns(0);
  SetNoCost(scenario.mutable_machine());
  Connect("p", model.write, model.rest, model.remote_ms, &scenario);
  Connect("client", model.rest, model.rest, model.remote_ms, &scenario);
  return scenario;
}

}  // namespace replsim
