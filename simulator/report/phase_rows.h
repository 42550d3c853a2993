// Rows of the report's table about what the load asked for and how it was served: throughput
// against what was offered, latency by phase, and what the loss of the primary would have cost.
#pragma once

#include <string>
#include <vector>

#include "simulator/analysis/compare/repeats.h"
#include "simulator/report/table.h"

namespace replsim {

// "write latency p50 / p99, healthy", and with unknown writes. Only what differs from the latency
// of the whole load in some run: after a fault, with an unknown write.
std::vector<TableRow> PhaseRows(const std::vector<RunGroup>& columns);

// "448 of 2,100 offered" where it falls short, else "2,096".
TableRow ThroughputRow(const std::vector<RunGroup>& columns);

// Time degraded, rejecting and without a primary, longest times without an answer by kind and
// group, and redundancy: each where it is known and not 0 in some run.
std::vector<TableRow> ProtectionRows(const std::vector<RunGroup>& columns);

}  // namespace replsim
