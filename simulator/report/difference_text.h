// Differences between groups of runs as text: the same on a terminal and on a page.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "simulator/analysis/compare/compare_runs.h"

namespace replsim {

// "+14.3 %"; from twice or half the base on a factor, "×12" or "÷3"; "+30" where one of the two is
// 0. Empty where it would say nothing: below 1 %, and for counts below 5.
std::string DifferenceText(MetricUnit unit, const Difference& difference);
// " better", " worse" or " differs" beyond noise, " ~" within it; empty below 1 %, and where there
// are too few runs.
const char* DifferenceMark(const Difference& difference);

// The base, then the others in their order.
std::vector<size_t> BaseFirst(const RunComparison& comparison);

// What is compared with what, and what the marks mean.
std::string ComparisonLegend(const RunComparison& comparison, const std::vector<RunGroup>& groups);

}  // namespace replsim
