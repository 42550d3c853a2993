#include "simulator/report/difference_text.h"

#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

// "20 runs each", "20, 20 and 1 runs"
std::string RunCounts(const std::vector<RunGroup>& groups, const std::vector<size_t>& order) {
  std::set<size_t> counts;
  for (const RunGroup& group : groups) counts.insert(group.runs.size());
  if (counts.size() == 1) {
    const size_t count = *counts.begin();
    return absl::StrCat(count, count == 1 ? " run each" : " runs each");
  }
  std::string text;
  for (size_t i = 0; i < order.size(); ++i) {
    absl::StrAppend(&text,
                    i == 0                  ? ""
                    : i + 1 == order.size() ? " and "
                                            : ", ",
                    groups[order[i]].runs.size());
  }
  return text + " runs";
}

}  // namespace

std::vector<size_t> BaseFirst(const RunComparison& comparison) {
  std::vector<size_t> order{comparison.base};
  for (size_t i = 0; i < comparison.names.size(); ++i) {
    if (i != comparison.base) order.push_back(i);
  }
  return order;
}

std::string DifferenceText(MetricUnit unit, const Difference& difference) {
  if (!difference.absolute || unit == MetricUnit::kYesNo || *difference.absolute == 0) return "";
  // Of percents it would be read as the points between them.
  if (unit == MetricUnit::kPercent) return absl::StrFormat("%+.1f points", *difference.absolute);
  if (difference.percent) return absl::StrFormat("%+.1f %%", *difference.percent);
  const double apart = *difference.absolute;
  return absl::StrCat(apart < 0 ? "-" : "+", MetricText(unit, std::fabs(apart)));
}

const char* DifferenceMark(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::kBetter:
      return " better";
    case DifferenceKind::kWorse:
      return " worse";
    case DifferenceKind::kDifferent:
      return " differs";
    case DifferenceKind::kWithinNoise:
      return " ~";
    case DifferenceKind::kTooFewRuns:
    case DifferenceKind::kNotComparable:
      break;
  }
  return "";
}

std::string ComparisonLegend(const RunComparison& comparison, const std::vector<RunGroup>& groups) {
  bool tested = false;
  for (const ComparedMetric& metric : comparison.metrics) {
    for (const Difference& difference : metric.differences) tested |= difference.p.has_value();
  }
  std::string text = absl::StrCat(RunCounts(groups, BaseFirst(comparison)), "; differences to ",
                                  comparison.names[comparison.base]);
  if (!tested)
    return absl::StrCat(text, "; too few runs to separate differences from noise (--repeat)\n");
  return absl::StrCat(text,
                      "; better, worse and differs are\nbeyond noise, ~ is within it (rank test, ",
                      PercentText(kNoiseLevel * 100), " level for each metric)\n");
}

}  // namespace replsim
