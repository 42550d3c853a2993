// In which state the primary took writes, what its loss would have cost, and what changes of it
// left behind: names for expectations. RunMetrics (metrics.h) lists them with the rest.
#pragma once

#include <vector>

#include "simulator/metrics/metrics.h"

namespace replsim {

std::vector<Metric> ProtectionMetrics();

}  // namespace replsim
