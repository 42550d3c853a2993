#include "common/server/metrics/node_metrics_text.h"

#include <optional>
#include <vector>

#include "absl/strings/strip.h"
#include "common/server/metrics/prometheus_text.h"

namespace replsim {
namespace {

using Kind = PrometheusText::Kind;
using Leading = CoreMetrics::Leading;

double Seconds(Nanos time) { return static_cast<double>(time.count()) / 1e9; }
double Seconds(Instant from, Instant to) { return Seconds(std::max(to - from, Nanos(0))); }
double Count(uint64_t count) { return static_cast<double>(count); }

// The name of a replica's stage on the replica itself: flush for replica-flush.
absl::string_view NameOnReplica(Stage stage) { return absl::StripPrefix(Name(stage), "replica-"); }

void AddState(const CoreDescription& core, PrometheusText* page) {
  const bool leads = core.is_primary && !core.fenced && core.failure.empty();
  page->Family("replsim_leads", Kind::kGauge, "1 while the node believes it is the primary.");
  page->Add(leads);
  page->Family("replsim_epoch", Kind::kGauge, "Highest epoch the node has accepted.");
  page->Add(Count(core.epoch.value()));
  page->Family("replsim_fenced", Kind::kGauge,
               "1 if the node was the primary and has learned of a newer epoch.");
  page->Add(core.fenced);
  page->Family("replsim_failed", Kind::kGauge, "1 if the node stopped because its log failed.");
  page->Add(!core.failure.empty());
  page->Family("replsim_disk_full", Kind::kGauge, "1 while log writes wait for disk space.");
  page->Add(core.disk_full);
}

void AddPositions(const NodeMetrics& metrics, PrometheusText* page) {
  const CoreDescription& core = metrics.core;
  struct Stage {
    const char* name;
    Lsn lsn;
    std::optional<uint64_t> bytes;
  };
  const Stage stages[] = {
      {core.is_primary ? "append" : "receive", core.append.lsn, metrics.append_bytes},
      {"write", core.write, metrics.write_bytes},
      {"flush", core.flush, metrics.flush_bytes},
      {"apply", core.apply, metrics.apply_bytes},
      {"commit", core.commit, metrics.commit_bytes}};
  page->Family("replsim_position_lsn", Kind::kGauge,
               "LSN that this node has reached at each stage; commit: the highest commit LSN the "
               "node knows.");
  for (const Stage& stage : stages) page->Add(Count(stage.lsn.value()), {{"stage", stage.name}});
  page->Family("replsim_position_bytes", Kind::kGauge,
               "Size of this node's log up to the LSN of each stage.");
  for (const Stage& stage : stages) {
    if (stage.bytes) page->Add(Count(*stage.bytes), {{"stage", stage.name}});
  }
}

void AddAnswers(const AnswerCounts& answers, PrometheusText* page) {
  page->Family("replsim_write_answers_total", Kind::kCounter,
               "Answers to writes and ticket queries since the process started.");
  page->Add(Count(answers.committed), {{"result", "committed"}});
  page->Add(Count(answers.rejected), {{"result", "rejected"}});
  page->Add(Count(answers.unknown), {{"result", "unknown"}});
  page->Family("replsim_unprotected_answers_total", Kind::kCounter,
               "Writes acknowledged without the sync set (on_timeout: degrade).");
  page->Add(Count(answers.unprotected));
}

// --- a primary that leads ---

void AddGates(const Leading& leads, const NodeMetrics& metrics, PrometheusText* page) {
  page->Family("replsim_protected", Kind::kGauge,
               "1 while the sync set keeps up; always 1 if no gate waits for a replica.");
  page->Add(!metrics.core.unprotected);
  page->Family("replsim_gate_position_lsn", Kind::kGauge,
               "LSN up to which writes have passed the gate.");
  page->Add(Count(metrics.core.commit.value()), {{"gate", "ack"}});
  page->Add(Count(leads.visible.value()), {{"gate", "visibility"}});
  page->Family("replsim_gate_waiting_writes", Kind::kGauge, "Writes waiting for the ack gate.");
  page->Add(Count(leads.gate_waiting));
  page->Family("replsim_gate_oldest_wait_seconds", Kind::kGauge,
               "Time the oldest write has waited for the ack gate; 0 if none waits.");
  page->Add(leads.gate_waiting_since ? Seconds(*leads.gate_waiting_since, metrics.taken) : 0);
  page->Family("replsim_gate_wait_seconds", Kind::kHistogram,
               "Time from the arrival of a write at this primary until it passed the ack gate.");
  std::vector<double> bounds;
  std::vector<uint64_t> cumulative;
  uint64_t below = 0;
  for (size_t i = 0; i < WaitTimes::kBuckets; ++i) {
    bounds.push_back(Seconds(WaitTimes::BoundOf(i)));
    cumulative.push_back(below += leads.gate_waits.buckets[i]);
  }
  page->AddHistogram(bounds, cumulative, leads.gate_waits.count, Seconds(leads.gate_waits.sum));
}

template <class Value>
void AddPerStage(const Leading& leads, const Value& value, PrometheusText* page) {
  for (const CoreMetrics::Replica& replica : leads.replicas) {
    for (size_t i = 0; i < replica.lags.size(); ++i) {
      const std::optional<double> lag = value(replica.lags[i]);
      if (!lag) continue;
      page->Add(*lag,
                {{"replica", replica.id.name()}, {"stage", NameOnReplica(kReplicaStages[i])}});
    }
  }
}

void AddReplicas(const Leading& leads, Instant now, PrometheusText* page) {
  page->Family("replsim_replica_connected", Kind::kGauge, "1 while the replica's stream is up.");
  for (const CoreMetrics::Replica& replica : leads.replicas) {
    page->Add(replica.streaming, {{"replica", replica.id.name()}});
  }
  page->Family("replsim_replica_last_heard_seconds", Kind::kGauge,
               "Time since the last message from the replica, while its stream is up.");
  for (const CoreMetrics::Replica& replica : leads.replicas) {
    if (!replica.last_heard) continue;
    page->Add(Seconds(*replica.last_heard, now), {{"replica", replica.id.name()}});
  }
  page->Family("replsim_replica_lag_entries", Kind::kGauge,
               "Entries of this primary that the replica has not yet reported at the stage.");
  AddPerStage(
      leads, [](const LagSnapshot& lag) { return std::optional(Count(lag.entries)); }, page);
  page->Family("replsim_replica_lag_bytes", Kind::kGauge,
               "Size of these entries, if this primary has written all of them.");
  AddPerStage(
      leads,
      [](const LagSnapshot& lag) {
        return lag.bytes ? std::optional(Count(*lag.bytes)) : std::nullopt;
      },
      page);
  page->Family("replsim_replica_lag_seconds", Kind::kGauge,
               "Age of the oldest of these entries by the primary's clock, counted from the start "
               "of its leadership at the earliest; 0 if there is none.");
  AddPerStage(
      leads,
      [now](const LagSnapshot& lag) {
        return std::optional(lag.since ? Seconds(*lag.since, now) : 0.0);
      },
      page);
}

// --- a replica ---

void AddFollowing(const NodeMetrics& metrics, PrometheusText* page) {
  const CoreDescription& core = metrics.core;
  page->Family("replsim_following", Kind::kGauge,
               "1 for the primary that the replica streams from.");
  if (!core.following.empty()) page->Add(1, {{"primary", core.following.name()}});
  page->Family("replsim_primary_last_heard_seconds", Kind::kGauge,
               "Time since the replica last received a message from its primary.");
  if (metrics.measured.primary_last_heard) {
    page->Add(Seconds(*metrics.measured.primary_last_heard, metrics.taken));
  }
  page->Family("replsim_unapplied_entries", Kind::kGauge, "Entries received but not yet applied.");
  page->Add(Count(core.append.lsn - core.apply));
  page->Family("replsim_unapplied_bytes", Kind::kGauge, "Size of these entries.");
  if (metrics.append_bytes && metrics.apply_bytes) {
    page->Add(Count(*metrics.append_bytes - *metrics.apply_bytes));
  }
  page->Family("replsim_truncated_entries_total", Kind::kCounter,
               "Entries truncated because the log had diverged from the primary's.");
  page->Add(Count(core.truncated_entries));
}

}  // namespace

std::string NodeMetricsText(const NodeId& node, const NodeMetrics& metrics) {
  PrometheusText page(PrometheusText::Labels{{"node", node.name()}});
  AddState(metrics.core, &page);
  AddPositions(metrics, &page);
  AddAnswers(metrics.answers, &page);
  if (metrics.measured.leading) {
    AddGates(*metrics.measured.leading, metrics, &page);
    AddReplicas(*metrics.measured.leading, metrics.taken, &page);
  }
  if (!metrics.core.is_primary) AddFollowing(metrics, &page);
  return page.text();
}

}  // namespace replsim
