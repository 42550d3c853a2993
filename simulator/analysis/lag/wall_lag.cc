#include "simulator/analysis/lag/wall_lag.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

namespace replsim {
namespace {

int64_t ToMicros(int64_t ns) { return std::llround(static_cast<double>(ns) / 1000.0); }

// Computed from exact values: they may be below 0, which Histogram does not support.
proto::RunReport::Distribution Summarize(std::vector<int64_t> ns) {
  proto::RunReport::Distribution summary;
  if (ns.empty()) return summary;
  std::sort(ns.begin(), ns.end());
  const auto at = [&ns](double share) {
    const double rank = std::ceil(share * static_cast<double>(ns.size()));
    return ToMicros(ns[std::max<size_t>(1, static_cast<size_t>(rank)) - 1]);
  };
  summary.set_count(ns.size());
  summary.set_min(ToMicros(ns.front()));
  summary.set_p50(at(0.5));
  summary.set_p90(at(0.9));
  summary.set_p99(at(0.99));
  summary.set_max(ToMicros(ns.back()));
  double sum = 0;
  for (const int64_t one : ns) sum += static_cast<double>(one);
  summary.set_mean(sum / 1000.0 / static_cast<double>(ns.size()));
  return summary;
}

// When the primary of `epoch` appended the entry, by the run's clock.
std::optional<int64_t> AppendedAt(const LeadershipHistory& leadership_history, uint64_t epoch,
                                  uint64_t lsn) {
  const std::optional<size_t> index = leadership_history.IndexOf(epoch);
  if (!index) return std::nullopt;
  const std::vector<LineagePoint>& points = leadership_history.leaderships()[*index].lineage;
  const auto point =
      std::lower_bound(points.begin(), points.end(), lsn,
                       [](const LineagePoint& p, uint64_t wanted) { return p.lsn < wanted; });
  if (point == points.end()) return std::nullopt;
  return point->time_ns;
}

}  // namespace

WallLag MeasureWallLag(const Recording& recording, const LeadershipHistory& leadership_history,
                       size_t node) {
  std::vector<int64_t> shown;
  std::vector<int64_t> error;
  for (const TraceRecord& record : *recording.nodes[node].trace) {
    if (record.kind != static_cast<uint8_t>(TraceKind::kWallLag)) continue;
    const bool in_load = record.time_ns >= recording.manifest.load_begin_ns() &&
                         record.time_ns < recording.manifest.load_end_ns();
    if (!in_load) continue;
    const auto lag = static_cast<int64_t>(record.bytes);
    shown.push_back(lag);
    if (const auto appended = AppendedAt(leadership_history, record.epoch, record.lsn)) {
      error.push_back(lag - (record.time_ns - *appended));
    }
  }
  return {Summarize(std::move(shown)), Summarize(std::move(error))};
}

}  // namespace replsim
