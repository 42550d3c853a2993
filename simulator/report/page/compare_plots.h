// The charts of compare.html as SVG, each for wide and for narrow screens (classes `wide` and
// `narrow`).
#pragma once

#include <string>
#include <vector>

#include "simulator/analysis/compare/compare_runs.h"

namespace replsim {

// The cumulative distribution, over the load, of the apply lag of each group's replica with the
// highest p99; x is logarithmic. Of repeats the one whose p99 is the median. Empty if no run knows
// its lag.
std::string LagCdfs(const std::vector<RunGroup>& groups);

// One dot per group: the p99 of its writes against `risk`, a metric that counts acknowledged writes
// that a fault would lose. Empty if fewer than two groups know both.
std::string TradeOff(const RunComparison& comparison, const std::string& risk);

}  // namespace replsim
