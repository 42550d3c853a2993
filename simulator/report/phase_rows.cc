#include "simulator/report/phase_rows.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/metrics/format.h"
#include "simulator/metrics/metrics.h"
#include "simulator/report/metric_rows.h"

namespace replsim {
namespace {

using Run = proto::RunReport;

// "1,000 ms", or ">= 1,000 ms" if unknown writes may have taken longer in some run.
std::string WithUnknown(const RunGroup& column) {
  const std::string text = CellText("write_p99_with_unknown_ms", column);
  const bool bound =
      AnyRun({column}, [](const Run& run) { return run.write_with_unknown_us().p99_at_least(); });
  return text.empty() || !bound ? text : absl::StrCat(">= ", text);
}

// Whether the committed rate falls short of the offered one by more than chance explains: by more
// than 5 %, and by more than three standard deviations of a Poisson count.
bool FallsShort(const RunGroup& column) {
  return AnyRun({column}, [](const Run& run) {
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
  if (AnyRun(columns, [](const Run& run) { return run.phases().has_stopped(); })) {
    AddMillis("write latency p50 / p99, healthy", "write_p50_healthy_ms", "write_p99_healthy_ms",
              columns, rows);
  }
  const bool unknown =
      AnyRun(columns, [](const Run& run) { return run.write_with_unknown_us().unknown() > 0; });
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

std::vector<TableRow> ProtectionRows(const Columns& columns) {
  std::vector<TableRow> rows;
  const auto add = [&](const std::string& metric) { AddWhereNotZero(metric, columns, rows); };
  add("time_degraded_ms");
  add("time_rejecting_ms");
  add("time_short_set_ms");
  add("time_no_primary_ms");
  if (AnyRun(columns, [](const Run& run) { return run.phases().has_stopped(); })) {
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
