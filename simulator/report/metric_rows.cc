#include "simulator/report/metric_rows.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "simulator/metrics/format.h"
#include "simulator/metrics/metrics.h"

namespace replsim {
namespace {

// "21 / 24 ms": one unit for both values.
std::string TwoMillis(const std::string& first, const std::string& second, const RunGroup& column) {
  const std::optional<double> a = ValueOf(first, *column.runs[0]);
  const std::optional<double> b = ValueOf(second, *column.runs[0]);
  if (!a || !b) return "";
  return absl::StrCat(ShortNumber(*a), " / ", MillisText(*b));
}

bool AnyRepeated(const Columns& columns) {
  return std::any_of(columns.begin(), columns.end(),
                     [](const RunGroup& column) { return column.repeated(); });
}

}  // namespace

std::optional<double> ValueOf(const std::string& metric, const proto::RunReport& run) {
  const absl::StatusOr<Metric> found = FindMetric(metric);
  return found.ok() ? found->Get(run) : std::nullopt;
}

std::string CellText(const std::string& metric, const RunGroup& column) {
  const absl::StatusOr<Metric> found = FindMetric(metric);
  return found.ok() ? MeasuredText(found->unit, Measure(*found, column)) : "";
}

TableRow RowOf(const std::string& label, const Columns& columns,
               const std::function<std::string(const RunGroup&)>& cell) {
  TableRow row{label, {}, ""};
  for (const RunGroup& column : columns) row.cells.push_back(cell(column));
  return row;
}

TableRow RowOf(const std::string& label, const Columns& columns, const std::string& metric) {
  return RowOf(label, columns,
               [&metric](const RunGroup& column) { return CellText(metric, column); });
}

TableRow RowOf(const Columns& columns, const std::string& metric) {
  return RowOf(FindMetric(metric)->label, columns, metric);
}

std::vector<const proto::RunReport*> RunsOf(const Columns& columns) {
  std::vector<const proto::RunReport*> runs;
  for (const RunGroup& column : columns) {
    runs.insert(runs.end(), column.runs.begin(), column.runs.end());
  }
  return runs;
}

bool AnyRun(const Columns& columns, const std::function<bool(const proto::RunReport&)>& is) {
  const std::vector<const proto::RunReport*> runs = RunsOf(columns);
  return std::any_of(runs.begin(), runs.end(), [&](const auto* run) { return is(*run); });
}

bool AnyKnown(const Columns& columns, const std::string& metric) {
  return AnyRun(columns,
                [&](const proto::RunReport& run) { return ValueOf(metric, run).has_value(); });
}

bool AnyNotZero(const Columns& columns, const std::string& metric) {
  return AnyRun(columns,
                [&](const proto::RunReport& run) { return ValueOf(metric, run).value_or(0) != 0; });
}

std::string InRun(const proto::RunReport& run, const Columns& columns) {
  std::string name;
  if (columns.size() > 1 && !run.variant().empty()) {
    absl::StrAppend(&name, " in ", run.variant());
  }
  if (run.has_repeat())
    absl::StrAppend(&name, name.empty() ? " in" : ",", " repeat ", run.repeat());
  return name;
}

void AddWhereNotZero(const std::string& metric, const Columns& columns,
                     std::vector<TableRow>& rows) {
  if (AnyNotZero(columns, metric)) rows.push_back(RowOf(columns, metric));
}

void AddPair(const std::string& label, const std::string& first, const std::string& second,
             const Columns& columns, std::vector<TableRow>& rows,
             const std::function<std::string(const RunGroup&)>& cell) {
  if (!AnyRepeated(columns)) {
    rows.push_back(RowOf(label, columns, cell));
    return;
  }
  for (const std::string& metric : {first, second}) rows.push_back(RowOf(columns, metric));
}

void AddMillis(const std::string& label, const std::string& first, const std::string& second,
               const Columns& columns, std::vector<TableRow>& rows) {
  AddPair(label, first, second, columns, rows,
          [&](const RunGroup& column) { return TwoMillis(first, second, column); });
}

}  // namespace replsim
