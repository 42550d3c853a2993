// Which lines the table of a report has, and what stands in them.
#pragma once

#include <vector>

#include "simulator/analysis/compare/repeats.h"
#include "simulator/report/table.h"

namespace replsim {

// In groups with a heading each: Lost, Latency, Availability, Lag, Reads, Disk. One column per
// variant; where it was run several times, with medians over its runs
// (MeasuredText). Rows that say nothing in any run (no fault, no read, no anomaly of this kind) are
// left out; what nobody may overlook, lost and unknown writes, latency, convergence, is always
// there.
std::vector<TableRow> ReportRows(const std::vector<RunGroup>& columns);

// How each lag metric that the report's expectations name would have lied, replica by replica: for
// how long it was wrong, and for how long of that at 0 while behind. None where they name none.
std::vector<TableRow> ShownLagRows(const proto::Report& report,
                                   const std::vector<RunGroup>& columns);

}  // namespace replsim
