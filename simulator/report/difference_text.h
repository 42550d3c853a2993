// Differences between groups of runs as text, for the terminal and for pages.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "simulator/analysis/compare/compare_runs.h"

namespace replsim {

// "+14.3 %"; "×12" or "÷3" from a factor of two on; "+30" if one of the values is 0; "+1.2 points"
// for metrics in percent. Empty if the difference is below 1 %, or if both values are counts below
// 5.
std::string DifferenceText(MetricUnit unit, const Difference& difference);
// " better", " worse" or " differs" beyond noise; " ~" within noise; empty below 1 %, or with too
// few runs.
const char* DifferenceMark(const Difference& difference);

// Indexes of the groups: the base first, then the others in their order.
std::vector<size_t> BaseFirst(const RunComparison& comparison);

// States which groups are compared, and explains the marks.
std::string ComparisonLegend(const RunComparison& comparison, const std::vector<RunGroup>& groups);

}  // namespace replsim
