// The description, the metrics and the invariants of a primary's core.
#include <algorithm>

#include "common/base/check.h"
#include "primary/core/primary_core.h"

namespace replsim {

CoreDescription PrimaryCore::Describe() const {
  CoreDescription d;
  d.is_primary = true;
  d.fenced = std::holds_alternative<Fenced>(state_);
  if (const auto* failed = std::get_if<Failed>(&state_)) d.failure = failed->why;
  d.unprotected = gates_.unprotected();
  d.disk_full = disk_full_;
  d.epoch = known_epoch();
  d.append = {history_.EpochAt(log_.append), log_.append};
  d.write = log_.write;
  d.flush = log_.flush;
  d.apply = log_.apply;
  d.commit = gates_.commit();
  for (const auto& [id, progress] : feed_.followers()) {
    const Ack& r = progress.reported();
    d.peers.push_back({id, progress.connected(), r.receive, r.write, r.flush, r.apply});
  }
  return d;
}

CoreMetrics PrimaryCore::Metrics() const {
  CoreMetrics metrics;
  if (!leading()) return metrics;
  CoreMetrics::Leading& leads = metrics.leading.emplace();
  leads.visible = gates_.visible();
  leads.gate_waits = gate_waits_;
  leads.gate_waiting = log_.last - gates_.commit();
  // Inherited writes have no arrival times.
  const Lsn waiting = std::max(gates_.commit() + 1, queue_.first());
  if (waiting <= log_.last) leads.gate_waiting_since = queue_.since(waiting);
  for (const auto& [id, progress] : feed_.followers()) {
    CoreMetrics::Replica& replica = leads.replicas.emplace_back();
    replica.id = id;
    if (const auto* connection = progress.connection()) {
      replica.streaming = true;
      replica.last_heard = connection->last_heard;
    }
    if (progress.reported().epoch == Epoch(0)) continue;
    for (const Stage stage : kReplicaStages) {
      replica.lags.push_back(write_times_.LagAt(progress.At(stage)));
    }
  }
  return metrics;
}

void PrimaryCore::CheckInvariants() {
  log_.Check();
  gates_.Check();
  queue_.Check(log_.last);
  waiters_.Check();
  REPL_CHECK(checked_.flush <= log_.flush && checked_.commit <= gates_.commit(),
             "a position went back");
  REPL_CHECK(checked_.visible <= gates_.visible() && checked_.applied <= log_.apply,
             "a position went back");
  checked_ = {log_.flush, gates_.commit(), gates_.visible(), log_.apply};
}

}  // namespace replsim
