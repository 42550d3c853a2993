#include "simulator/report/rows.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/metrics/format.h"
#include "simulator/metrics/metrics.h"
#include "simulator/metrics/worst_replica.h"
#include "simulator/report/failover_rows.h"
#include "simulator/report/guarantees.h"
#include "simulator/report/metric_rows.h"
#include "simulator/report/phase_rows.h"

namespace replsim {
namespace {

// Whether the settings promise that acknowledged writes survive the scenario's faults: yes or no.
// Empty if unknown or not the same in all repeats.
std::string Promised(const RunGroup& column) {
  std::optional<bool> promised;
  for (const proto::RunReport* run : column.runs) {
    if (!run->promise().has_keeps_acknowledged()) return "";
    const bool keeps = run->promise().keeps_acknowledged();
    if (promised && *promised != keeps) return "";
    promised = keeps;
  }
  return !promised ? "" : *promised ? "yes" : "no";
}

// Only for scenarios with faults: without a fault every mode keeps acknowledged writes.
void AddPromise(const Columns& columns, std::vector<TableRow>& rows) {
  const auto faulty = [](const proto::RunReport& run) { return run.promise().faults() > 0; };
  if (!AnyRun(columns, faulty)) return;
  rows.push_back(RowOf("promised to survive", columns, Promised));
}

// The losses of a column, with a remark if 0 was luck or if only unprotected writes were lost.
std::string LostCell(const RunGroup& column) {
  const std::string text = CellText("acked_lost", column);
  const auto all = [&](const auto& is) {
    return std::all_of(column.runs.begin(), column.runs.end(), is);
  };
  const bool none = all([](const auto* run) {
    return run->writes().has_acked_lost() && run->writes().acked_lost() == 0;
  });
  if (none) return Promised(column) == "no" ? text + " (luck: not promised)" : text;
  const bool unprotected = all([](const auto* run) {
    return run->writes().has_protected_lost() && run->writes().protected_lost() == 0;
  });
  return unprotected && Promised(column) == "yes" ? text + " (unprotected)" : text;
}

void AddLoss(const Columns& columns, std::vector<TableRow>& rows) {
  rows.push_back(RowOf("acknowledged, then lost", columns, LostCell));
  if (AnyKnown(columns, "rpo_ms")) {
    rows.push_back(RowOf("time span lost (RPO)", columns, "rpo_ms"));
  }
  AddPromise(columns, rows);
  for (const char* metric : {"holes", "rejected_survived", "unacked_survived"}) {
    AddWhereNotZero(metric, columns, rows);
  }
  rows.push_back(RowOf("unknown to the client", columns, "unknown"));
  if (AnyNotZero(columns, "unknown") && AnyKnown(columns, "unknown_survived")) {
    rows.push_back(RowOf("of these, in the final log", columns, "unknown_survived"));
  }
  for (const char* metric :
       {"told_lost", "told_lost_survived", "rejected", "unprotected_acks", "truncated_entries"}) {
    AddWhereNotZero(metric, columns, rows);
  }
  AddWhereNotZero("expected_loss_writes", columns, rows);
}

void AddSpeed(const Columns& columns, std::vector<TableRow>& rows) {
  AddMillis("write latency p50 / p99", "write_p50_ms", "write_p99_ms", columns, rows);
  for (TableRow& row : PhaseRows(columns)) rows.push_back(std::move(row));
  if (AnyKnown(columns, "read_p50_ms")) {
    AddMillis("read latency p50 / p99", "read_p50_ms", "read_p99_ms", columns, rows);
  }
  rows.push_back(ThroughputRow(columns));
}

// Tickets and retries, if clients did not simply get one answer to one request.
void AddWaiting(const Columns& columns, std::vector<TableRow>& rows) {
  const bool tickets = AnyNotZero(columns, "tickets");
  if (tickets) {
    AddMillis("time to ticket p50 / p99", "ticket_p50_ms", "ticket_p99_ms", columns, rows);
    AddMillis("time to gate p50 / p99", "gate_p50_ms", "gate_p99_ms", columns, rows);
    rows.push_back(RowOf("acknowledged or ticketed, then lost", columns, "answered_never_done"));
  }
  if (AnyNotZero(columns, "no_effect")) {
    rows.push_back(RowOf("writes without effect", columns, "no_effect"));
  }
  if (AnyNotZero(columns, "transactions")) {
    rows.push_back(RowOf(columns, "transactions"));
    rows.push_back(RowOf(columns, "torn_transactions"));
  }
  const bool retried = AnyNotZero(columns, "retried");
  if (tickets || retried)
    rows.push_back(RowOf("requests per write", columns, "requests_per_write"));
  if (retried) {
    TableRow twice = RowOf("applied twice", columns, "applied_twice");
    for (const proto::RunReport* run : RunsOf(columns)) {
      if (!twice.remark.empty() || run->writes().first_applied_twice().empty()) continue;
      twice.remark = absl::StrCat(run->writes().first_applied_twice(), InRun(*run, columns));
    }
    rows.push_back(std::move(twice));
  }
}

// One row per node that was down during the load.
void AddDownTimes(const Columns& columns, std::vector<TableRow>& rows) {
  std::set<std::string> nodes;
  for (const proto::RunReport* run : RunsOf(columns)) {
    for (const proto::RunReport::DownTime& down : run->availability().down()) {
      if (down.down_ms() > 0) nodes.insert(down.node());
    }
  }
  for (const std::string& node : nodes) {
    rows.push_back(RowOf(absl::StrCat(node, " was down"), columns, absl::StrCat("down_ms.", node)));
  }
}

std::vector<std::string> ReplicasIn(const Columns& columns) {
  std::set<std::string> all;
  for (const proto::RunReport* run : RunsOf(columns)) {
    for (std::string& replica : ReplicasOf(*run)) all.insert(std::move(replica));
  }
  // The order is r1, r2, …, r10, then the first primary, which is a replica only after a failover.
  std::vector<std::string> replicas{all.begin(), all.end()};
  std::sort(replicas.begin(), replicas.end(), [](const std::string& a, const std::string& b) {
    return std::tuple(a == "p", a.size(), a) < std::tuple(b == "p", b.size(), b);
  });
  return replicas;
}

// One row per replica for which the metric is known, with the label on the first.
void AddPerReplica(const std::string& label, const std::string& metric, const Columns& columns,
                   std::vector<TableRow>& rows) {
  bool first = true;
  for (const std::string& replica : ReplicasIn(columns)) {
    const std::string name = absl::StrCat(metric, ".", replica);
    if (!AnyKnown(columns, name)) continue;
    const std::string text =
        absl::StrCat(first ? label : std::string(label.size(), ' '), "   ", replica);
    rows.push_back(RowOf(text, columns, name));
    first = false;
  }
}

void AddLag(const Columns& columns, std::vector<TableRow>& rows) {
  AddPerReplica("apply lag p99    ", "apply_lag_p99_ms", columns, rows);
  for (const auto& [label, metric] : {std::pair("time to catch up ", "catch_up_ms"),
                                      std::pair("apply stopped for", "stalled_ms")}) {
    const std::vector<std::string> replicas = ReplicasIn(columns);
    const bool any =
        std::any_of(replicas.begin(), replicas.end(), [&, m = metric](const std::string& r) {
          return AnyNotZero(columns, absl::StrCat(m, ".", r));
        });
    if (any) AddPerReplica(label, metric, columns, rows);
  }
}

// Lag by wall clocks, if its error exceeds 100 ms on some replica.
void AddWallClocks(const Columns& columns, std::vector<TableRow>& rows) {
  constexpr double kWrongMs = 100;
  const std::vector<std::string> replicas = ReplicasIn(columns);
  const bool wrong = std::any_of(replicas.begin(), replicas.end(), [&](const std::string& r) {
    return AnyRun(columns, [&](const proto::RunReport& run) {
      const double least = ValueOf("wall_clock_error_min_ms." + r, run).value_or(0);
      const double most = ValueOf("wall_clock_error_max_ms." + r, run).value_or(0);
      return std::max(-least, most) > kWrongMs;
    });
  });
  if (!wrong) return;
  AddPerReplica("lag by wall clocks p50", "wall_clock_lag_p50_ms", columns, rows);
  AddPerReplica("  true lag p50        ", "apply_lag_p50_ms", columns, rows);
}

void AddReads(const Columns& columns, std::vector<TableRow>& rows) {
  AddWhereNotZero("failed_read_rate", columns, rows);
  if (!AnyNotZero(columns, "reads")) return;
  for (TableRow& row : GuaranteeRows(columns)) rows.push_back(std::move(row));
  if (AnyNotZero(columns, "replica_reads")) {
    rows.push_back(RowOf("stale replica reads", columns, "stale_replica_read_rate"));
  } else {
    rows.push_back(RowOf("stale reads", columns, "stale_read_rate"));
  }
  if (AnyNotZero(columns, "stale_reads")) {
    AddMillis("staleness p50 / p99", "staleness_p50_ms", "staleness_p99_ms", columns, rows);
  }
  for (const char* metric :
       {"phantom_reads", "read_your_writes", "monotonic_reads", "reads_missing_lost_writes",
        "consistent_prefix", "monotonic_writes", "writes_follow_reads"}) {
    AddWhereNotZero(metric, columns, rows);
  }
  if (AnyNotZero(columns, "not_linearizable_keys")) {
    rows.push_back(RowOf(columns, "not_linearizable_keys"));
    AddMillis("linearizable but for (late reads p99)", "late_by_max_ms", "late_by_p99_ms", columns,
              rows);
  }
}

// I/O of the final primary.
void AddIo(const Columns& columns, std::vector<TableRow>& rows) {
  if (AnyNotZero(columns, "flushes")) {
    AddPair("flushes (writes per flush)", "flushes", "writes_per_flush", columns, rows,
            [](const RunGroup& column) {
              const std::string flushes = CellText("flushes", column);
              const std::string writes = CellText("writes_per_flush", column);
              return writes.empty() ? flushes : absl::StrCat(flushes, " (", writes, ")");
            });
    AddMillis("flush latency p50 / p99", "flush_p50_ms", "flush_p99_ms", columns, rows);
    rows.push_back(RowOf(columns, "write_amplification"));
  }
  if (AnyNotZero(columns, "loop_stall_max_ms")) {
    AddMillis("event loop blocked: longest / total", "loop_stall_max_ms", "loop_stalled_ms",
              columns, rows);
  }
  if (AnyNotZero(columns, "exposed_entries_max")) {
    AddPair("writes at risk from a power loss (oldest)", "exposed_entries_max", "exposed_max_ms",
            columns, rows, [](const RunGroup& column) {
              const std::string entries = CellText("exposed_entries_max", column);
              const std::string age = CellText("exposed_max_ms", column);
              return age.empty() ? entries : absl::StrCat(entries, " (", age, ")");
            });
  }
}

// Always included: a run whose nodes end with different data is no valid result.
void AddConverged(const Columns& columns, std::vector<TableRow>& rows) {
  rows.push_back(RowOf("converged", columns, "converged"));
}

void AddFailovers(const Columns& columns, std::vector<TableRow>& rows) {
  for (TableRow& row : FailoverRows(columns)) rows.push_back(std::move(row));
}

void AddProtection(const Columns& columns, std::vector<TableRow>& rows) {
  for (TableRow& row : ProtectionRows(columns)) rows.push_back(std::move(row));
}

// The groups of the table with their rows, in order. A group without rows has no heading.
using AddRows = void (*)(const Columns& columns, std::vector<TableRow>& rows);
struct RowGroup {
  const char* heading;
  std::vector<AddRows> parts;
};
const std::vector<RowGroup>& Groups() {
  static const std::vector<RowGroup>& groups = *new std::vector<RowGroup>{
      {"Lost", {AddLoss}},
      {"Latency", {AddSpeed, AddWaiting}},
      {"Availability", {AddFailovers, AddDownTimes, AddProtection}},
      {"Lag", {AddLag, AddWallClocks, AddConverged}},
      {"Reads", {AddReads}},
      {"Disk", {AddIo}},
  };
  return groups;
}

}  // namespace

std::vector<TableRow> ReportRows(const Columns& columns) {
  std::vector<TableRow> rows;
  for (const RowGroup& group : Groups()) {
    std::vector<TableRow> own;
    for (const AddRows& add : group.parts) add(columns, own);
    if (own.empty()) continue;
    rows.push_back(HeadingRow(group.heading));
    for (TableRow& row : own) {
      row.label = "  " + row.label;
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace replsim
