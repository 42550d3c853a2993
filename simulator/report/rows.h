// The rows of a report's table.
#pragma once

#include <vector>

#include "simulator/analysis/compare/repeats.h"
#include "simulator/report/table.h"

namespace replsim {

// Groups of rows with headings: Lost, Latency, Availability, Lag, Reads, Disk. One column per
// variant; a variant with several runs shows medians (MeasuredText). Rows without information in
// any run (no fault, no read, no anomaly of this kind) are left out. The rows for lost and unknown
// writes, latency and convergence are always included.
std::vector<TableRow> ReportRows(const std::vector<RunGroup>& columns);

// The errors of each lag metric that the report's expectations name, per replica: how long it was
// wrong, and how long of that it was 0 while replication was broken. Empty if the expectations name
// none.
std::vector<TableRow> ShownLagRows(const proto::Report& report,
                                   const std::vector<RunGroup>& columns);

}  // namespace replsim
