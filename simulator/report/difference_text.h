// Differences between groups of runs, in words: the same on a terminal and on a page.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "simulator/analysis/compare_runs.h"

namespace replsim {

// "+14.3 %"; of a base that is 0, "+3"; nothing where there is none.
std::string DifferenceText(MetricUnit unit, const Difference& difference);
// " better", " worse" or " differs" beyond noise, " ~" within it; empty where that cannot be told.
const char* DifferenceMark(DifferenceKind kind);

// The base, then the others as they come.
std::vector<size_t> BaseFirst(const RunComparison& comparison);

// How the numbers are to be read: what is claimed, and what cannot be.
std::string ComparisonLegend(const RunComparison& comparison, const std::vector<RunGroup>& groups);

}  // namespace replsim
