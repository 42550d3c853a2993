#include "simulator/analysis/timeline/timeline.h"

#include <cmath>
#include <limits>
#include <utility>

#include "simulator/analysis/evidence/curve_intervals.h"
#include "simulator/analysis/evidence/distribution.h"
#include "simulator/analysis/timeline/fault_bands.h"
#include "simulator/analysis/timeline/rates.h"

namespace replsim {
namespace {

double Seconds(int64_t ns) { return static_cast<double>(ns) / 1e9; }

const char* TextOf(MetricErrorKind kind) {
  switch (kind) {
    case MetricErrorKind::kTooLow:
      return "too low";
    case MetricErrorKind::kTooHigh:
      return "too high";
    case MetricErrorKind::kZeroWhileBroken:
      return "0 while behind";
    case MetricErrorKind::kNullWhileBroken:
      return "no value while behind";
  }
  return "?";
}

}  // namespace

TimelineBuilder::TimelineBuilder(const Recording& recording)
    : recording_(recording), fine_(FineBins(recording.manifest)), coarse_(CoarseBins(fine_)) {
  const proto::Manifest& manifest = recording.manifest;
  timeline_.set_bin_s(Seconds(fine_.bin_ns));
  timeline_.set_coarse_bin_s(Seconds(coarse_.bin_ns));
  timeline_.set_load_end_s(Seconds(manifest.load_end_ns() - manifest.load_begin_ns()));
  timeline_.set_end_s(Seconds(manifest.end_ns() - manifest.load_begin_ns()));
  *timeline_.mutable_nodes() = manifest.nodes();
  AddFaults(recording, timeline_);
}

void TimelineBuilder::AddStage(const std::string& node, const std::string& stage,
                               const StepFunction<StagePosition>& steps) {
  proto::Timeline::Positions& positions = *timeline_.add_positions();
  positions.set_node(node);
  positions.set_stage(stage);
  StepCursor<StagePosition> cursor(steps);
  int64_t before = 0;
  for (size_t bin = 0; bin < fine_.count; ++bin) {
    const StagePosition* at = cursor.Seek(fine_.BeginOf(bin));
    const int64_t lsn = at == nullptr ? 0 : static_cast<int64_t>(at->lsn);
    positions.add_lsn_delta(static_cast<int32_t>(lsn - std::exchange(before, lsn)));
  }
}

void TimelineBuilder::AddLag(const std::string& replica, const std::string& stage,
                             const LagCurve& up, const LagCurve& down) {
  AddBand(replica, stage, up, /*down=*/false);
  AddBand(replica, stage, down, /*down=*/true);
}

void TimelineBuilder::AddBand(const std::string& replica, const std::string& stage,
                              const LagCurve& curve, bool down) {
  bool any = false;
  BandBuilder entries(fine_);
  BandBuilder bytes(fine_);
  BandBuilder time_ns(fine_);
  ForEachInterval(
      curve, fine_.begin_ns, fine_.end_ns(), [&](const LagPoint& point, int64_t from, int64_t to) {
        if (!point.known) return;
        any = true;
        entries.Cover(from, to, static_cast<double>(point.entries));
        bytes.Cover(from, to, static_cast<double>(point.bytes));
        const bool behind = point.entries > 0;
        time_ns.Cover(from, to, behind ? static_cast<double>(from - point.oldest_ns) : 0,
                      behind ? 1 : 0);
      });
  if (!any) return;
  proto::Timeline::LagBand& band = *timeline_.add_lag();
  band.set_down(down);
  band.set_replica(replica);
  band.set_stage(stage);
  *band.mutable_entries() = entries.ToProto();
  *band.mutable_bytes() = bytes.ToProto();
  *band.mutable_time_us() = time_ns.ToProto(kNanosPerMicro);
}

void TimelineBuilder::AddExposure(const ExposureCurves& curves) {
  BandBuilder exposed(fine_);
  ForEachInterval(curves.acked, fine_.begin_ns, fine_.end_ns(),
                  [&](const AckedPoint& point, int64_t from, int64_t to) {
                    if (point.known) exposed.Cover(from, to, static_cast<double>(point.exposed()));
                  });
  *timeline_.mutable_exposed_entries() = exposed.ToProto();
  if (curves.unreplicated.empty()) return;
  BandBuilder unreplicated(fine_);
  ForEachInterval(curves.unreplicated, fine_.begin_ns, fine_.end_ns(),
                  [&](const UnreplicatedPoint& point, int64_t from, int64_t to) {
                    if (point.known) {
                      unreplicated.Cover(from, to, static_cast<double>(point.entries));
                    }
                  });
  *timeline_.mutable_unreplicated_entries() = unreplicated.ToProto();
}

void TimelineBuilder::AddShown(const ShownLag& shown) {
  if (shown.points.empty()) return;
  proto::Timeline::Shown& added = *timeline_.add_shown();
  added.set_replica(shown.replica);
  added.set_metric(shown.name().id);
  added.set_label(shown.name().label);
  added.set_definition(shown.name().definition);
  added.set_unit(UnitName(shown.name().unit));
  added.set_stage(shown.name().stage);
  added.set_begin_s(Seconds(shown.points.front().time_ns - fine_.begin_ns));
  added.set_interval_s(Seconds(shown.interval_ns));
  for (const ShownPoint& point : shown.points) {
    added.add_values(point.value ? std::round(*point.value)
                                 : std::numeric_limits<double>::quiet_NaN());
  }
  for (const MetricError& error : shown.errors) {
    proto::Timeline::MetricError& told = *added.add_errors();
    told.set_begin_s(Seconds(error.begin_ns - fine_.begin_ns));
    told.set_end_s(Seconds(error.end_ns - fine_.begin_ns));
    told.set_what(TextOf(error.kind));
  }
}

void TimelineBuilder::AddOutages(const std::vector<Gap>& stops) {
  for (const Gap& stop : stops) {
    proto::Timeline::Outage& outage = *timeline_.add_outages();
    outage.set_begin_s(Seconds(stop.begin_ns - fine_.begin_ns));
    outage.set_end_s(Seconds(stop.end_ns - fine_.begin_ns));
  }
}

void TimelineBuilder::AddOperations(const std::vector<int64_t>& stale_ns) {
  *timeline_.mutable_rates() = RatesOf(recording_, coarse_, stale_ns);
}

}  // namespace replsim
