// Rows of the lag laboratory.
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/metrics/metrics.h"
#include "simulator/metrics/shown_lag_metrics.h"
#include "simulator/report/rows.h"

namespace replsim {
namespace {

std::string Text(const RunGroup& group, const std::string& metric, const std::string& replica) {
  const absl::StatusOr<Metric> found = FindMetric(absl::StrCat(metric, ".", replica));
  return found.ok() ? MeasuredText(found->unit, Measure(*found, group)) : "";
}

// "1,204 ms, 0 for 300 ms"; empty if unknown.
std::string Cell(const RunGroup& group, const proto::RunReport::ShownLag& of) {
  const std::string wrong = Text(group, absl::StrCat(of.metric(), "_wrong_ms"), of.replica());
  const std::string zero =
      Text(group, absl::StrCat(of.metric(), "_zero_while_broken_ms"), of.replica());
  const bool none = zero.empty() || zero == MetricText(MetricUnit::kMillis, 0);
  return none ? wrong : absl::StrCat(wrong, ", 0 for ", zero);
}

}  // namespace

std::vector<TableRow> ShownLagRows(const proto::Report& report,
                                   const std::vector<RunGroup>& columns) {
  std::set<std::string> named;
  for (const proto::ExpectationResult& result : report.expectations()) {
    named.emplace(LagMetricOf(result.metric()));
  }
  std::vector<TableRow> rows;
  if (columns.empty()) return rows;
  for (const proto::RunReport::ShownLag& shown : columns.front().runs.front()->shown_lag()) {
    if (!named.contains(shown.metric()) || shown.wrong() == 0) continue;
    TableRow row{absl::StrCat(shown.replica(), " ", shown.metric(), " wrong for"), {}, ""};
    for (const RunGroup& column : columns) row.cells.push_back(Cell(column, shown));
    row.remark = shown.first_error();
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace replsim
