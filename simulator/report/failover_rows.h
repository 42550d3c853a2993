// Rows of the report's table about failovers: how long writes stopped, and what elections did.
#pragma once

#include <vector>

#include "simulator/analysis/compare/repeats.h"
#include "simulator/report/table.h"

namespace replsim {

// The RTO with the parts of the longest outage, and the longest time without a write. The number of
// elections is included if the nodes elect primaries in some run; the other figures of elections
// only then, and if they are not 0.
std::vector<TableRow> FailoverRows(const std::vector<RunGroup>& columns);

}  // namespace replsim
