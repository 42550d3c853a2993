// What durability costs and leaves open: of the node that leads in the end, and of any one node.
// RunMetrics and ReplicaMetrics (metrics.h) list them with the rest.
#pragma once

#include <vector>

#include "simulator/metrics/metrics.h"

namespace replsim {

std::vector<Metric> IoMetrics();
std::vector<Metric> NodeIoMetrics();

}  // namespace replsim
