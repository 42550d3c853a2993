// Throughput, the phases of the load, and latency with unknown writes: names for expectations.
// RunMetrics (metrics.h) lists them with the rest.
#pragma once

#include <vector>

#include "simulator/metrics/metrics.h"

namespace replsim {

std::vector<Metric> PhaseMetrics();

}  // namespace replsim
