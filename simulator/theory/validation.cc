#include "simulator/theory/validation.h"

#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

constexpr double kShare = 0.999;
constexpr double kPublishedTrials = 1e6;
constexpr double kLatencyTolerance = 0.03;
constexpr double kFreshTolerance = 0.5;  // percentage points

TrialSample Sample(const Validation& validation, absl::string_view name, const WarsModel& model,
                   const Quorum& quorum) {
  // Each cell has its own random stream, so leaving out a cell changes no other number.
  Rng rng = Rng(validation.seed)
                .Fork(absl::StrCat(name, " ", quorum.n, " ", quorum.r, " ", quorum.w, " ",
                                   model.write.rate_per_ms));
  return SampleOf(RunTrials(validation.trials(model, quorum), validation.count, rng));
}

PublishedValue CompareLatency(double published, const Empirical& latency_ms, double share) {
  const Empirical::Interval open = latency_ms.QuantileInterval(share, kPublishedTrials);
  return {published, latency_ms.Quantile(share), open.low * (1 - kLatencyTolerance),
          open.high * (1 + kLatencyTolerance)};
}

PublishedValue CompareVisibility(double published, const Empirical& fresh_after_ms,
                                 const FirstCrossing& crossing, double step_ms) {
  const double exact = fresh_after_ms.Quantile(kShare);
  const Empirical::Interval open = fresh_after_ms.QuantileInterval(kShare);
  return {published, crossing.median_ms, crossing.p5_ms - step_ms - (exact - open.low),
          crossing.p95_ms + step_ms + (open.high - exact)};
}

PublishedValue CompareFreshShare(const PublishedPoint& point, const Empirical& fresh_after_ms) {
  const double ours = 100 * fresh_after_ms.ShareAtMost(point.t_ms);
  const double reach = kFreshTolerance + point.last_digit;
  return {point.value, ours, ours - reach, ours + reach};
}

PublishedValue ComparePoint(const PublishedPoint& point, const TrialSample& sample) {
  switch (point.measure) {
    case PublishedMeasure::kFreshShare:
      return CompareFreshShare(point, sample.fresh_after_ms);
    case PublishedMeasure::kFreshShareAtLeast: {
      const double ours = 100 * sample.fresh_after_ms.ShareAtMost(point.t_ms);
      return {point.value, ours, 0, ours + point.last_digit};
    }
    case PublishedMeasure::kVisibility: {
      const Empirical& fresh_after_ms = sample.fresh_after_ms;
      const FirstCrossing crossing =
          FirstCrossingOf(fresh_after_ms, {.share = kShare, .step_ms = point.t_ms});
      return CompareVisibility(point.value, fresh_after_ms, crossing, point.t_ms);
    }
    case PublishedMeasure::kReadMedian:
      return CompareLatency(point.value, sample.read_ms, 0.5);
    case PublishedMeasure::kWriteMedian:
      return CompareLatency(point.value, sample.write_ms, 0.5);
  }
  return {};
}

}  // namespace

std::vector<CellResult> ValidateTable(const Validation& validation, const Fit& fit) {
  std::vector<CellResult> results;
  for (const PublishedCell& cell : PublishedTable()) {
    if (cell.fit != fit.name) continue;
    const TrialSample sample = Sample(validation, fit.name, fit.model, cell.quorum);
    CellResult result;
    result.cell = cell;
    result.read_ms = CompareLatency(cell.read_ms, sample.read_ms, kShare);
    result.write_ms = CompareLatency(cell.write_ms, sample.write_ms, kShare);
    result.crossing =
        FirstCrossingOf(sample.fresh_after_ms, {.share = kShare, .step_ms = fit.step_ms});
    result.t_ms = CompareVisibility(cell.t_ms, sample.fresh_after_ms, result.crossing, fit.step_ms);
    result.t_exact_ms = sample.fresh_after_ms.Quantile(kShare);
    results.push_back(result);
  }
  return results;
}

std::vector<PointResult> ValidateText(const Validation& validation, absl::string_view fit) {
  std::vector<PointResult> results;
  for (const PublishedText& text : PublishedTexts()) {
    if (text.fit != fit) continue;
    const TrialSample sample = Sample(validation, fit, text.model, text.quorum);
    for (const PublishedPoint& point : text.points) {
      results.push_back({text.fit, text.source, text.quorum, text.model.write.rate_per_ms, point,
                         ComparePoint(point, sample)});
    }
  }
  return results;
}

}  // namespace replsim
