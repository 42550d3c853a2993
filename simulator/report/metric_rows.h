// Helpers that turn metrics into rows of the report's table.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "simulator/analysis/compare/repeats.h"
#include "simulator/report/table.h"

namespace replsim {

// Columns of the table: one per variant, with all of its runs.
using Columns = std::vector<RunGroup>;

// Absent if the metric does not exist or is unknown in the run.
std::optional<double> ValueOf(const std::string& metric, const proto::RunReport& run);
std::string CellText(const std::string& metric, const RunGroup& column);

std::vector<const proto::RunReport*> RunsOf(const Columns& columns);
bool AnyRun(const Columns& columns, const std::function<bool(const proto::RunReport&)>& is);
bool AnyKnown(const Columns& columns, const std::string& metric);
bool AnyNotZero(const Columns& columns, const std::string& metric);
// " in VARIANT, repeat N", as far as the table has several of them.
std::string InRun(const proto::RunReport& run, const Columns& columns);

TableRow RowOf(const std::string& label, const Columns& columns,
               const std::function<std::string(const RunGroup&)>& cell);
TableRow RowOf(const std::string& label, const Columns& columns, const std::string& metric);
// With the metric's own label.
TableRow RowOf(const Columns& columns, const std::string& metric);
void AddWhereNotZero(const std::string& metric, const Columns& columns,
                     std::vector<TableRow>& rows);

// Adds one row for two metrics, formatted by `cell`. With repeated runs each metric has its own
// row, because a cell has no room for two intervals.
void AddPair(const std::string& label, const std::string& first, const std::string& second,
             const Columns& columns, std::vector<TableRow>& rows,
             const std::function<std::string(const RunGroup&)>& cell);
// The same for two times: "21 / 24 ms".
void AddMillis(const std::string& label, const std::string& first, const std::string& second,
               const Columns& columns, std::vector<TableRow>& rows);

}  // namespace replsim
