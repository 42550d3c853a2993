// Metrics of the primary's states of protection, of the expected loss, and of recovery after a
// change of leadership. RunMetrics (metrics.h) includes them.
#pragma once

#include <vector>

#include "simulator/metrics/metrics.h"

namespace replsim {

std::vector<Metric> ProtectionMetrics();

}  // namespace replsim
