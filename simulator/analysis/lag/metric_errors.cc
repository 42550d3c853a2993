#include "simulator/analysis/lag/metric_errors.h"

#include <algorithm>

namespace replsim {
namespace {

constexpr double kFactor = 2;

double Tolerance(const LagMetricName& metric) {
  switch (metric.unit) {
    case ShownUnit::kBytes:
      return std::max(kNoLieBytes, metric.resolution);
    case ShownUnit::kEntries:
      return std::max(kNoLieEntries, metric.resolution);
    case ShownUnit::kMicros:
      break;
  }
  return std::max(kNoLieMicros, metric.resolution);
}

}  // namespace

std::optional<MetricErrorKind> Judge(const LagMetricName& metric, std::optional<double> shown,
                                     const LagBetween& truth) {
  const double patience = std::max(static_cast<double>(kBrokenNs) / 1e3,
                                   metric.unit == ShownUnit::kMicros ? metric.resolution : 0.0);
  const bool broken = truth.micros.least > patience;
  if (!shown) return broken ? std::optional(MetricErrorKind::kNullWhileBroken) : std::nullopt;
  if (broken && *shown == 0) return MetricErrorKind::kZeroWhileBroken;
  const LagRange& lag = truth.In(metric.unit);
  const double tolerance = Tolerance(metric);
  if (*shown < lag.least / kFactor && lag.least - *shown > tolerance)
    return MetricErrorKind::kTooLow;
  if (*shown > lag.most * kFactor && *shown - lag.most > tolerance)
    return MetricErrorKind::kTooHigh;
  return std::nullopt;
}

void FindMetricErrors(const std::vector<std::optional<LagBetween>>& truth, ShownLag& shown) {
  const LagMetricName& metric = shown.name();
  std::optional<MetricErrorKind> before;
  for (size_t i = 0; i < shown.points.size(); ++i) {
    const ShownPoint& point = shown.points[i];
    std::optional<MetricErrorKind> kind;
    if (truth[i]) {
      const LagRange& lag = truth[i]->In(metric.unit);
      shown.max_true = std::max(shown.max_true.value_or(0), lag.most);
      kind = Judge(metric, point.value, *truth[i]);
      if (kind && kind != before) {
        const double nearest = *kind == MetricErrorKind::kTooHigh ? lag.most : lag.least;
        shown.errors.push_back({point.time_ns, point.time_ns, *kind, point.value, nearest});
      }
    }
    if (kind) shown.errors.back().end_ns = point.time_ns + shown.interval_ns;
    before = kind;
  }
}

}  // namespace replsim
