// Rows of the report's table about the load and how it was served: throughput against the offered
// rate, latency by phase, and the protection of writes.
#pragma once

#include <string>
#include <vector>

#include "simulator/analysis/compare/repeats.h"
#include "simulator/report/table.h"

namespace replsim {

// "write latency p50 / p99, healthy", and the same with unknown writes. Each row is included only
// if it can differ from the latency of the whole load: in a run with a stop, or with an unknown
// write.
std::vector<TableRow> PhaseRows(const std::vector<RunGroup>& columns);

// "448 of 2,100 offered" if the rate falls short, otherwise "2,096".
TableRow ThroughputRow(const std::vector<RunGroup>& columns);

// Time degraded, rejecting and without a primary; longest times without an answer by kind and
// group; and time to redundancy. Each is included if it is known and not 0 in some run.
std::vector<TableRow> ProtectionRows(const std::vector<RunGroup>& columns);

}  // namespace replsim
