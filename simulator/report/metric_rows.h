// How a metric becomes a row of the report's table: what all groups of rows are made with.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "simulator/analysis/compare/repeats.h"
#include "simulator/report/table.h"

namespace replsim {

// Columns of the table: a variant's runs each.
using Columns = std::vector<RunGroup>;

// None where the metric does not exist or is not known of the run.
std::optional<double> ValueOf(const std::string& metric, const proto::RunReport& run);
std::string CellText(const std::string& metric, const RunGroup& column);

std::vector<const proto::RunReport*> RunsOf(const Columns& columns);
bool AnyRun(const Columns& columns, const std::function<bool(const proto::RunReport&)>& is);
bool AnyKnown(const Columns& columns, const std::string& metric);
bool AnyNotZero(const Columns& columns, const std::string& metric);

TableRow RowOf(const std::string& label, const Columns& columns,
               const std::function<std::string(const RunGroup&)>& cell);
TableRow RowOf(const std::string& label, const Columns& columns, const std::string& metric);
// Under the metric's own label.
TableRow RowOf(const Columns& columns, const std::string& metric);
void AddWhereNotZero(const std::string& metric, const Columns& columns,
                     std::vector<TableRow>& rows);

// Two metrics in one row, as `cell` puts them; where runs are repeated, each in its own row, for
// two intervals are too much for a cell.
void AddPair(const std::string& label, const std::string& first, const std::string& second,
             const Columns& columns, std::vector<TableRow>& rows,
             const std::function<std::string(const RunGroup&)>& cell);
// The same of two times: "21 / 24 ms".
void AddMillis(const std::string& label, const std::string& first, const std::string& second,
               const Columns& columns, std::vector<TableRow>& rows);

}  // namespace replsim
