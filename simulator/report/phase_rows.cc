#include "simulator/report/phase_rows.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/metrics/format.h"
#include "simulator/metrics/metrics.h"

namespace replsim {
namespace {

using Columns = std::vector<RunGroup>;
using Run = proto::RunReport;

std::optional<double> Get(const std::string& metric, const Run& run) {
  const absl::StatusOr<Metric> found = FindMetric(metric);
  return found.ok() ? found->Get(run) : std::nullopt;
}

bool Any(const Columns& columns, const std::function<bool(const Run&)>& is) {
  return std::any_of(columns.begin(), columns.end(), [&](const RunGroup& column) {
    return std::any_of(column.runs.begin(), column.runs.end(),
                       [&](const Run* run) { return is(*run); });
  });
}

std::string Text(const std::string& metric, const RunGroup& column) {
  const absl::StatusOr<Metric> found = FindMetric(metric);
  return found.ok() ? MeasuredText(found->unit, Measure(*found, column)) : "";
}

TableRow RowOf(const std::string& label, const Columns& columns,
               const std::function<std::string(const RunGroup&)>& cell) {
  TableRow row{label, {}, ""};
  for (const RunGroup& column : columns) row.cells.push_back(cell(column));
  return row;
}

TableRow RowOf(const Columns& columns, const std::string& metric) {
  return RowOf(FindMetric(metric)->label, columns,
               [&metric](const RunGroup& column) { return Text(metric, column); });
}

// "21 / 24 ms" of a run, or a row for each where runs are repeated: two intervals do not fit a
// cell.
void AddPair(const std::string& label, const std::string& first, const std::string& second,
             const Columns& columns, std::vector<TableRow>& rows) {
  const bool repeated = std::any_of(columns.begin(), columns.end(),
                                    [](const RunGroup& column) { return column.repeated(); });
  if (repeated) {
    for (const std::string& metric : {first, second}) rows.push_back(RowOf(columns, metric));
    return;
  }
  rows.push_back(RowOf(label, columns, [&](const RunGroup& column) {
    const std::optional<double> a = Get(first, *column.runs[0]);
    const std::optional<double> b = Get(second, *column.runs[0]);
    return a && b ? absl::StrCat(ShortNumber(*a), " / ", MillisText(*b)) : std::string();
  }));
}

// "1,000 ms", or ">= 1,000 ms" where unknown writes may have taken longer in some run.
std::string WithUnknown(const RunGroup& column) {
  const std::string text = Text("write_p99_with_unknown_ms", column);
  const bool bound =
      Any({column}, [](const Run& run) { return run.write_with_unknown_us().p99_at_least(); });
  return text.empty() || !bound ? text : absl::StrCat(">= ", text);
}

// Whether so much less was committed than was offered that chance does not explain it: more than
// 5 %, and more than three standard deviations of a Poisson count.
bool FallsShort(const RunGroup& column) {
  return Any({column}, [](const Run& run) {
    if (!run.throughput().has_offered_per_second() || !run.writes().has_per_second()) return false;
    const double offered = run.throughput().offered_per_second();
    const double missing = offered - run.writes().per_second();
    const double seconds = std::max(run.load_seconds(), 1e-9);
    return missing > 0.05 * offered && missing > 3 * std::sqrt(offered / seconds);
  });
}

}  // namespace

std::vector<TableRow> PhaseRows(const Columns& columns) {
  std::vector<TableRow> rows;
  if (Any(columns, [](const Run& run) { return run.phases().has_stopped(); })) {
    AddPair("write latency p50 / p99, healthy", "write_p50_healthy_ms", "write_p99_healthy_ms",
            columns, rows);
  }
  const bool unknown =
      Any(columns, [](const Run& run) { return run.write_with_unknown_us().unknown() > 0; });
  if (unknown) rows.push_back(RowOf("write latency p99 with unknown", columns, WithUnknown));
  return rows;
}

TableRow ThroughputRow(const Columns& columns) {
  return RowOf("committed per second", columns, [](const RunGroup& column) {
    const std::string committed =
        MeasuredText(MetricUnit::kRatio, Measure(*FindMetric("per_second"), column));
    if (!FallsShort(column)) return committed;
    const std::string offered =
        MeasuredText(MetricUnit::kRatio, Measure(*FindMetric("offered_per_second"), column));
    return absl::StrCat(committed, " of ", offered, " offered");
  });
}

void AddWhereNotZero(const std::string& metric, const Columns& columns,
                     std::vector<TableRow>& rows) {
  const bool says = Any(columns, [&](const Run& run) { return Get(metric, run).value_or(0) != 0; });
  if (says) rows.push_back(RowOf(columns, metric));
}

std::vector<TableRow> ProtectionRows(const Columns& columns) {
  std::vector<TableRow> rows;
  const auto add = [&](const std::string& metric) { AddWhereNotZero(metric, columns, rows); };
  add("time_degraded_ms");
  add("time_rejecting_ms");
  add("time_no_primary_ms");
  if (Any(columns, [](const Run& run) { return run.phases().has_stopped(); })) {
    add("read_unavailable_ms");
  }
  for (const Run::GroupInterruption& group : columns.front().runs[0]->interruptions().groups()) {
    add(absl::StrCat("unavailable_ms.", group.group()));
    add(absl::StrCat("read_unavailable_ms.", group.group()));
  }
  add("redundancy_ms");
  return rows;
}

}  // namespace replsim
