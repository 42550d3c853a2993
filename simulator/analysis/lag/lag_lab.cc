#include "simulator/analysis/lag/lag_lab.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/time.h"
#include "simulator/analysis/lag/lag_readings.h"
#include "simulator/analysis/lag/metric_errors.h"
#include "simulator/analysis/lag/monitor_view.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

constexpr int64_t kReadingNs = 100'000'000;
constexpr int64_t kReadingsMost = 2000;

std::vector<int64_t> Instants(const proto::Manifest& manifest, int64_t interval_ns) {
  std::vector<int64_t> instants;
  for (int64_t time = manifest.load_begin_ns(); time < manifest.load_end_ns();
       time += interval_ns) {
    instants.push_back(time);
  }
  return instants;
}

// The reading interval in ns: a multiple of 100 ms.
int64_t IntervalOf(const proto::Manifest& manifest) {
  const int64_t load = manifest.load_end_ns() - manifest.load_begin_ns();
  return kReadingNs * std::max<int64_t>(1, (load + kReadingNs * kReadingsMost - 1) /
                                               (kReadingNs * kReadingsMost));
}

bool AnyKnown(const TrueLags& truth) {
  return std::any_of(truth.begin(), truth.end(), [](const auto& lag) { return lag.has_value(); });
}

void ReadAll(const Recording& recording, const LeadershipHistory& leadership_history, size_t node,
             const std::vector<int64_t>& instants, std::vector<ShownLag>& metrics) {
  MonitorView replica(recording, leadership_history, node);
  LagReader reader(recording.manifest.load_begin_ns());
  for (const int64_t time : instants) {
    const Seen& seen = replica.MoveTo(time);
    const LagReading reading = reader.Read(seen, replica);
    for (ShownLag& shown : metrics) shown.points.push_back({time, reading[shown.metric]});
  }
}

std::string ValueText(ShownUnit unit, double value) {
  switch (unit) {
    case ShownUnit::kBytes:
      return BytesText(value);
    case ShownUnit::kEntries:
      return absl::StrCat(ShortNumber(value), " entries");
    case ShownUnit::kMicros:
      break;
  }
  return MillisText(value / 1e3);
}

std::string Describe(const ShownLag& shown, const MetricError& error) {
  const ShownUnit unit = shown.name().unit;
  return absl::StrCat("at ", MillisText(MillisFrom(error.begin_ns - shown.load_begin_ns)),
                      " it showed ", error.shown ? ValueText(unit, *error.shown) : "nothing",
                      ", the true lag was ", ValueText(unit, error.truth));
}

}  // namespace

std::vector<int64_t> LagReadingInstants(const proto::Manifest& manifest) {
  return Instants(manifest, IntervalOf(manifest));
}

std::vector<ShownLag> ShowLagMetrics(const Recording& recording,
                                     const LeadershipHistory& leadership_history, size_t node,
                                     const TrueLags& receive, const TrueLags& apply) {
  std::vector<ShownLag> metrics;
  if (!AnyKnown(apply)) return metrics;  // the node was leading or absent all the time
  for (size_t metric = 0; metric < kLagMetrics.size(); ++metric) {
    metrics.push_back({.replica = recording.nodes[node].id,
                       .metric = metric,
                       .interval_ns = IntervalOf(recording.manifest),
                       .load_begin_ns = recording.manifest.load_begin_ns(),
                       .points = {},
                       .errors = {},
                       .max_true = std::nullopt});
  }
  ReadAll(recording, leadership_history, node, LagReadingInstants(recording.manifest), metrics);
  for (ShownLag& shown : metrics) {
    const bool of_receive = absl::string_view(shown.name().stage) == "receive";
    FindMetricErrors(of_receive ? receive : apply, shown);
  }
  return metrics;
}

proto::RunReport::ShownLag Summarize(const ShownLag& shown) {
  proto::RunReport::ShownLag summary;
  summary.set_replica(shown.replica);
  summary.set_metric(shown.name().id);
  summary.set_label(shown.name().label);
  summary.set_unit(UnitName(shown.name().unit));
  summary.set_stage(shown.name().stage);
  summary.set_interval_ms(MillisFrom(shown.interval_ns));
  uint64_t wrong = 0;
  uint64_t zero = 0;
  double wrong_ms = 0;
  double zero_ms = 0;
  double null_while_broken_ms = 0;
  for (const MetricError& error : shown.errors) {
    const double length_ms = MillisFrom(error.end_ns - error.begin_ns);
    if (error.kind == MetricErrorKind::kNullWhileBroken) {
      null_while_broken_ms += length_ms;
      continue;
    }
    ++wrong;
    wrong_ms += length_ms;
    if (error.kind != MetricErrorKind::kZeroWhileBroken) continue;
    ++zero;
    zero_ms += length_ms;
  }
  summary.set_wrong(wrong);
  summary.set_wrong_ms(wrong_ms);
  summary.set_zero_while_broken(zero);
  summary.set_zero_while_broken_ms(zero_ms);
  summary.set_null_while_broken_ms(null_while_broken_ms);
  const auto nulls = std::count_if(shown.points.begin(), shown.points.end(),
                                   [](const ShownPoint& point) { return !point.value; });
  summary.set_null_ms(MillisFrom(nulls * shown.interval_ns));
  for (const ShownPoint& point : shown.points) {
    if (!point.value) continue;
    if (!summary.has_max_shown() || *point.value > summary.max_shown()) {
      summary.set_max_shown(*point.value);
    }
  }
  if (shown.max_true) summary.set_max_true(*shown.max_true);
  if (!shown.errors.empty()) summary.set_first_error(Describe(shown, shown.errors.front()));
  return summary;
}

}  // namespace replsim
