// Which lines the table of a report has, and what stands in them.
#pragma once

#include <vector>

#include "simulator/analysis/repeats.h"
#include "simulator/report/table.h"

namespace replsim {

// One column per variant; where it was run several times, with medians over its runs
// (MeasuredText). Rows that say nothing in any run (no fault, no read, no anomaly of this kind) are
// left out; what nobody may overlook, lost and unknown writes, latency, convergence, is always
// there.
std::vector<TableRow> ReportRows(const std::vector<RunGroup>& columns);

}  // namespace replsim
