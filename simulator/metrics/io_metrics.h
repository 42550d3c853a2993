// Metrics of I/O cost and writes at risk: of the final primary (IoMetrics) and of any node
// (NodeIoMetrics). RunMetrics and ReplicaMetrics (metrics.h) include them.
#pragma once

#include <vector>

#include "simulator/metrics/metrics.h"

namespace replsim {

std::vector<Metric> IoMetrics();
std::vector<Metric> NodeIoMetrics();

}  // namespace replsim
