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

// One dot of a trade-off: what a write costs against how many acknowledged writes are lost or at
// risk.
struct TradeOffDot {
  std::string name;
  double cost_ms = 0;
  double writes = 0;
};
// Both axes are logarithmic; 0 writes are at the bottom. `cost_name` is below the x axis; `label`
// describes the plot to those who cannot see it. Empty with fewer than two dots.
std::string TradeOffPlot(const std::vector<TradeOffDot>& dots, const std::string& cost_name,
                         const std::string& label);

// One dot per group: the p99 of its write latency against `risk`, a metric that counts acknowledged
// writes that a fault would lose. Empty if fewer than two groups know both.
std::string TradeOff(const RunComparison& comparison, const std::string& risk);

}  // namespace replsim
