#include "simulator/report/difference_text.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

constexpr double kCountsWorthComparing = 5;
constexpr double kPercentWorthTelling = 1;

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
  const double apart = *difference.absolute;
  // A relative change of a percentage would be misread as percentage points, so points are shown.
  if (unit == MetricUnit::kPercent) {
    return std::fabs(apart) < 0.1 ? "" : absl::StrFormat("%+.1f points", apart);
  }
  const double base = difference.percent ? apart * 100 / *difference.percent : 0;
  const double other = base + apart;
  if (unit == MetricUnit::kCount && std::max(base, other) < kCountsWorthComparing) return "";
  if (base <= 0 || other <= 0) {
    return absl::StrCat(apart < 0 ? "-" : "+", MetricText(unit, std::fabs(apart)));
  }
  if (other >= 2 * base) return absl::StrCat("×", ShortNumber(other / base));
  if (base >= 2 * other) return absl::StrCat("÷", ShortNumber(base / other));
  if (std::fabs(*difference.percent) < kPercentWorthTelling) return "";
  return absl::StrFormat("%+.1f %%", *difference.percent);
}

const char* DifferenceMark(const Difference& difference) {
  const bool within_noise = difference.kind == DifferenceKind::kWithinNoise;
  if (!within_noise && difference.percent &&
      std::fabs(*difference.percent) < kPercentWorthTelling) {
    return "";
  }
  switch (difference.kind) {
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
  std::string text = absl::StrCat(RunCounts(groups, BaseFirst(comparison)), ", compared with ",
                                  comparison.names[comparison.base]);
  if (!tested) {
    return absl::StrCat(text, "; too few runs to distinguish a difference from noise (--repeat)\n");
  }
  return absl::StrCat(text, "; better or worse: beyond noise;\n~: within noise (rank test at ",
                      PercentText(kNoiseLevel * 100), ", each number on its own)\n");
}

}  // namespace replsim
