#include "simulator/report/rows.h"

#include <algorithm>
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/metrics/format.h"
#include "simulator/metrics/metrics.h"

namespace replsim {
namespace {

using Runs = std::vector<const proto::RunReport*>;

std::optional<double> Get(const std::string& metric, const proto::RunReport& run) {
  const absl::StatusOr<Metric> found = FindMetric(metric);
  return found.ok() ? found->Get(run) : std::nullopt;
}

std::string Text(const std::string& metric, const proto::RunReport& run) {
  const absl::StatusOr<Metric> found = FindMetric(metric);
  if (!found.ok()) return "";
  const std::optional<double> value = found->Get(run);
  return value ? MetricText(found->unit, *value) : "";
}

TableRow RowOf(const std::string& label, const Runs& runs,
               const std::function<std::string(const proto::RunReport&)>& cell) {
  TableRow row{label, {}, ""};
  for (const proto::RunReport* run : runs) row.cells.push_back(cell(*run));
  return row;
}

TableRow RowOf(const std::string& label, const Runs& runs, const std::string& metric) {
  return RowOf(label, runs, [&metric](const proto::RunReport& run) { return Text(metric, run); });
}

bool AnyKnown(const Runs& runs, const std::string& metric) {
  return std::any_of(runs.begin(), runs.end(),
                     [&](const proto::RunReport* run) { return Get(metric, *run).has_value(); });
}

bool AnyNotZero(const Runs& runs, const std::string& metric) {
  return std::any_of(runs.begin(), runs.end(), [&](const proto::RunReport* run) {
    return Get(metric, *run).value_or(0) != 0;
  });
}

// "21 / 24 ms": one unit for both.
std::string TwoMillis(const std::string& first, const std::string& second,
                      const proto::RunReport& run) {
  const std::optional<double> a = Get(first, run);
  const std::optional<double> b = Get(second, run);
  if (!a || !b) return "";
  return absl::StrCat(ShortNumber(*a), " / ", MillisText(*b));
}

std::string NameOf(const proto::RunReport& run, size_t runs) {
  return runs > 1 && !run.variant().empty() ? absl::StrCat(" in ", run.variant()) : "";
}

void AddLoss(const Runs& runs, std::vector<TableRow>& rows) {
  TableRow lost = RowOf("acknowledged, then lost", runs, "acked_lost");
  const auto worst = std::max_element(runs.begin(), runs.end(), [](const auto* a, const auto* b) {
    return a->availability().rpo_ms() < b->availability().rpo_ms();
  });
  if (worst != runs.end() && (*worst)->availability().has_rpo_ms()) {
    lost.remark = absl::StrCat("RPO ", MillisText((*worst)->availability().rpo_ms()),
                               NameOf(**worst, runs.size()));
  }
  rows.push_back(std::move(lost));
  for (const char* metric : {"holes", "rejected_survived", "unacked_survived"}) {
    if (AnyNotZero(runs, metric)) rows.push_back(RowOf(FindMetric(metric)->label, runs, metric));
  }
  TableRow unknown = RowOf("unknown to the client", runs, "unknown");
  if (AnyNotZero(runs, "unknown") && AnyKnown(runs, "unknown_survived")) {
    std::vector<std::string> survived;
    for (const proto::RunReport* run : runs) {
      const std::string text = Text("unknown_survived", *run);
      survived.push_back(text.empty() ? "-" : text);
    }
    unknown.remark = absl::StrCat(absl::StrJoin(survived, " / "), " survived");
  }
  rows.push_back(std::move(unknown));
  for (const char* metric : {"told_lost", "told_lost_survived", "rejected", "unprotected_acks"}) {
    if (AnyNotZero(runs, metric)) rows.push_back(RowOf(FindMetric(metric)->label, runs, metric));
  }
}

void AddSpeed(const Runs& runs, std::vector<TableRow>& rows) {
  rows.push_back(RowOf("write latency p50 / p99", runs, [](const proto::RunReport& run) {
    return TwoMillis("write_p50_ms", "write_p99_ms", run);
  }));
  if (AnyKnown(runs, "read_p50_ms")) {
    rows.push_back(RowOf("read latency p50 / p99", runs, [](const proto::RunReport& run) {
      return TwoMillis("read_p50_ms", "read_p99_ms", run);
    }));
  }
  rows.push_back(RowOf("committed per second", runs, [](const proto::RunReport& run) {
    const std::optional<double> rate = Get("per_second", run);
    return rate ? ShortNumber(*rate) : std::string();
  }));
}

// How clients waited, where it was not for one answer to one request.
void AddWaiting(const Runs& runs, std::vector<TableRow>& rows) {
  const bool tickets = AnyNotZero(runs, "tickets");
  if (tickets) {
    rows.push_back(RowOf("ticket after p50 / p99", runs, [](const proto::RunReport& run) {
      return TwoMillis("ticket_p50_ms", "ticket_p99_ms", run);
    }));
    rows.push_back(RowOf("gate passed after p50 / p99", runs, [](const proto::RunReport& run) {
      return TwoMillis("gate_p50_ms", "gate_p99_ms", run);
    }));
    rows.push_back(RowOf("answered, never done", runs, "answered_never_done"));
  }
  const bool retried = AnyNotZero(runs, "retried");
  if (tickets || retried) rows.push_back(RowOf("requests per write", runs, "requests_per_write"));
  if (retried) {
    TableRow twice = RowOf("applied twice", runs, "applied_twice");
    for (const proto::RunReport* run : runs) {
      if (!twice.remark.empty() || run->writes().first_applied_twice().empty()) continue;
      twice.remark = absl::StrCat(run->writes().first_applied_twice(), NameOf(*run, runs.size()));
    }
    rows.push_back(std::move(twice));
  }
}

void AddOutage(const Runs& runs, std::vector<TableRow>& rows) {
  if (!AnyKnown(runs, "rto_ms")) {
    if (AnyNotZero(runs, "failovers"))
      rows.push_back(RowOf("writes stopped (RTO)", runs, "rto_ms"));
    rows.push_back(RowOf("longest time without a write", runs, "unavailable_ms"));
    return;
  }
  TableRow row = RowOf("writes stopped (RTO)", runs, "rto_ms");
  const auto longest = std::max_element(runs.begin(), runs.end(), [](const auto* a, const auto* b) {
    return a->availability().rto_ms() < b->availability().rto_ms();
  });
  const proto::RunReport::Availability& parts = (*longest)->availability();
  if (parts.has_detect_ms() && parts.has_promote_ms() && parts.has_first_write_ms()) {
    row.remark = absl::StrCat("detect ", ShortNumber(parts.detect_ms()), ", promote ",
                              ShortNumber(parts.promote_ms()), ", first write ",
                              MillisText(parts.first_write_ms()), NameOf(**longest, runs.size()));
  }
  rows.push_back(std::move(row));
}

std::vector<std::string> ReplicasOf(const Runs& runs) {
  std::vector<std::string> replicas;
  for (const proto::RunReport* run : runs) {
    for (const proto::RunReport::Lag& lag : run->lag()) {
      // The first primary is of interest as a replica only where it came back as one.
      const bool was_first = !run->nodes().empty() && run->nodes(0) == lag.replica();
      if (was_first && !lag.has_catch_up_ms()) continue;
      if (std::find(replicas.begin(), replicas.end(), lag.replica()) == replicas.end()) {
        replicas.push_back(lag.replica());
      }
    }
  }
  std::sort(replicas.begin(), replicas.end());
  return replicas;
}

// One row per replica, the label on the first.
void AddPerReplica(const std::string& label, const std::string& metric, const Runs& runs,
                   std::vector<TableRow>& rows) {
  bool first = true;
  for (const std::string& replica : ReplicasOf(runs)) {
    const std::string name = absl::StrCat(metric, ".", replica);
    const std::string text =
        absl::StrCat(first ? label : std::string(label.size(), ' '), "   ", replica);
    rows.push_back(RowOf(text, runs, name));
    first = false;
  }
}

void AddLag(const Runs& runs, std::vector<TableRow>& rows) {
  AddPerReplica("apply lag p99   ", "apply_lag_p99_ms", runs, rows);
  for (const auto& [label, metric] : {std::pair("caught up after ", "catch_up_ms"),
                                      std::pair("apply stalled   ", "stalled_ms")}) {
    const std::vector<std::string> replicas = ReplicasOf(runs);
    const bool any =
        std::any_of(replicas.begin(), replicas.end(), [&, m = metric](const std::string& r) {
          return AnyNotZero(runs, absl::StrCat(m, ".", r));
        });
    if (any) AddPerReplica(label, metric, runs, rows);
  }
}

// Lag by wall clocks, where they lie by more than a fast disk takes.
void AddWallClocks(const Runs& runs, std::vector<TableRow>& rows) {
  constexpr double kWrongMs = 100;
  const std::vector<std::string> replicas = ReplicasOf(runs);
  const bool wrong = std::any_of(replicas.begin(), replicas.end(), [&](const std::string& r) {
    return std::any_of(runs.begin(), runs.end(), [&](const proto::RunReport* run) {
      const double least = Get("wall_clock_error_min_ms." + r, *run).value_or(0);
      const double most = Get("wall_clock_error_max_ms." + r, *run).value_or(0);
      return std::max(-least, most) > kWrongMs;
    });
  });
  if (!wrong) return;
  AddPerReplica("lag by wall clocks p50", "wall_clock_lag_p50_ms", runs, rows);
  AddPerReplica("  true lag p50        ", "apply_lag_p50_ms", runs, rows);
}

void AddReads(const Runs& runs, std::vector<TableRow>& rows) {
  if (!AnyNotZero(runs, "reads")) return;
  if (AnyNotZero(runs, "replica_reads")) {
    rows.push_back(RowOf("stale replica reads", runs, "stale_replica_read_rate"));
  } else {
    rows.push_back(RowOf("stale reads", runs, "stale_read_rate"));
  }
  if (AnyNotZero(runs, "stale_reads")) {
    rows.push_back(RowOf("staleness p50 / p99", runs, [](const proto::RunReport& run) {
      return TwoMillis("staleness_p50_ms", "staleness_p99_ms", run);
    }));
  }
  for (const char* metric : {"phantom_reads", "read_your_writes", "monotonic_reads"}) {
    if (AnyNotZero(runs, metric)) rows.push_back(RowOf(FindMetric(metric)->label, runs, metric));
  }
}

// Of the node that leads in the end.
void AddIo(const Runs& runs, std::vector<TableRow>& rows) {
  if (AnyNotZero(runs, "flushes")) {
    rows.push_back(RowOf("flushes: writes in each", runs, [](const proto::RunReport& run) {
      const std::string flushes = Text("flushes", run);
      const std::string writes = Text("writes_per_flush", run);
      return writes.empty() ? flushes : absl::StrCat(flushes, ": ", writes);
    }));
    rows.push_back(RowOf("flush latency p50 / p99", runs, [](const proto::RunReport& run) {
      return TwoMillis("flush_p50_ms", "flush_p99_ms", run);
    }));
    rows.push_back(RowOf("device bytes per user byte", runs, "write_amplification"));
  }
  if (AnyNotZero(runs, "loop_stall_max_ms")) {
    rows.push_back(RowOf("loop kept by own I/O: worst, all", runs, [](const proto::RunReport& run) {
      return TwoMillis("loop_stall_max_ms", "loop_stalled_ms", run);
    }));
  }
  if (AnyNotZero(runs, "exposed_entries_max")) {
    rows.push_back(RowOf("acknowledged, not flushed: worst", runs, [](const proto::RunReport& run) {
      const std::string entries = Text("exposed_entries_max", run);
      const std::string age = Text("exposed_max_ms", run);
      return age.empty() ? entries : absl::StrCat(entries, ", ", age);
    }));
  }
}

}  // namespace

std::vector<TableRow> ReportRows(const Runs& runs) {
  std::vector<TableRow> rows;
  AddLoss(runs, rows);
  AddSpeed(runs, rows);
  AddWaiting(runs, rows);
  AddOutage(runs, rows);
  AddLag(runs, rows);
  AddWallClocks(runs, rows);
  AddReads(runs, rows);
  AddIo(runs, rows);
  rows.push_back(RowOf("converged", runs, "converged"));
  if (AnyNotZero(runs, "truncated_entries")) {
    rows.push_back(RowOf("truncated entries", runs, "truncated_entries"));
  }
  return rows;
}

}  // namespace replsim
