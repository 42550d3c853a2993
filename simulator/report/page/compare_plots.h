// The pictures of compare.html, as SVG.
#pragma once

#include <string>
#include <vector>

#include "simulator/analysis/compare_runs.h"

namespace replsim {

// The cumulative distribution of the apply lag of every group's worst replica, over the load, on a
// logarithmic axis: how much of the time the lag was at most so much. Of repeats the one whose p99
// is the median. Empty where no run knows its lag.
std::string LagCdfs(const std::vector<RunGroup>& groups);

// One dot for each group: the p99 of its writes against `risk`, a metric that counts acknowledged
// writes which a fault would take. Empty where fewer than two groups know both.
std::string TradeOff(const RunComparison& comparison, const std::string& risk);

}  // namespace replsim
