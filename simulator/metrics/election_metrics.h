// Metrics of elections and of times with two primaries. RunMetrics (metrics.h) includes them.
#pragma once

#include <vector>

#include "simulator/metrics/metrics.h"

namespace replsim {

std::vector<Metric> ElectionMetrics();

}  // namespace replsim
