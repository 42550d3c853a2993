// Metrics of throughput, of the phases of the load, and of latency including unknown writes.
// RunMetrics (metrics.h) includes them.
#pragma once

#include <vector>

#include "simulator/metrics/metrics.h"

namespace replsim {

std::vector<Metric> PhaseMetrics();

}  // namespace replsim
