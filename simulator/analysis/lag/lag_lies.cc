#include "simulator/analysis/lag/lag_lies.h"

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

std::optional<LieKind> Judge(const LagMetricName& metric, std::optional<double> shown,
                             const LagBetween& truth) {
  const double patience = std::max(static_cast<double>(kBrokenNs) / 1e3,
                                   metric.unit == ShownUnit::kMicros ? metric.resolution : 0.0);
  const bool broken = truth.micros.least > patience;
  if (!shown) return broken ? std::optional(LieKind::kNullWhileBroken) : std::nullopt;
  if (broken && *shown == 0) return LieKind::kZeroWhileBroken;
  const LagRange& lag = truth.In(metric.unit);
  const double tolerance = Tolerance(metric);
  if (*shown < lag.least / kFactor && lag.least - *shown > tolerance) return LieKind::kTooLow;
  if (*shown > lag.most * kFactor && *shown - lag.most > tolerance) return LieKind::kTooHigh;
  return std::nullopt;
}

void FindLies(const std::vector<std::optional<LagBetween>>& truth, ShownLag& shown) {
  const LagMetricName& metric = shown.name();
  std::optional<LieKind> before;
  for (size_t i = 0; i < shown.points.size(); ++i) {
    const ShownPoint& point = shown.points[i];
    std::optional<LieKind> kind;
    if (truth[i]) {
      const LagRange& lag = truth[i]->In(metric.unit);
      shown.max_true = std::max(shown.max_true.value_or(0), lag.most);
      kind = Judge(metric, point.value, *truth[i]);
      if (kind && kind != before) {
        const double nearest = *kind == LieKind::kTooHigh ? lag.most : lag.least;
        shown.lies.push_back({point.time_ns, point.time_ns, *kind, point.value, nearest});
      }
    }
    if (kind) shown.lies.back().end_ns = point.time_ns + shown.interval_ns;
    before = kind;
  }
}

}  // namespace replsim
