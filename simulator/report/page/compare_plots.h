// The charts of compare.html as SVG, each once for wide and once for narrow screens (classes `wide`
// and `narrow`).
#pragma once

#include <string>
#include <vector>

#include "simulator/analysis/compare/compare_runs.h"

namespace replsim {

// The cumulative distribution over the load of the apply lag: for each group that of the replica
// with the highest p99. The x axis is logarithmic. With repeats, the run whose p99 is the median.
// Empty if no run knows its lag.
std::string LagCdfs(const std::vector<RunGroup>& groups);

// One dot per group: the p99 of its write latency against `risk`, a metric that counts acknowledged
// writes that a fault would lose. Empty if fewer than two groups know both.
std::string TradeOff(const RunComparison& comparison, const std::string& risk);

}  // namespace replsim
