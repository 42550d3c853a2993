#include "simulator/analysis/stage_walk.h"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/time.h"
#include "simulator/analysis/evidence/curve_intervals.h"
#include "simulator/analysis/evidence/distribution.h"
#include "simulator/analysis/evidence/node_faults.h"
#include "simulator/analysis/evidence/stages.h"
#include "simulator/analysis/lag/catch_up.h"
#include "simulator/analysis/lag/lag.h"
#include "simulator/analysis/lag/lag_lab.h"
#include "simulator/analysis/lag/lag_truth.h"
#include "simulator/analysis/lag/wall_lag.h"
#include "simulator/analysis/writes/ack_delay.h"

namespace replsim {
namespace {

// 0 %, 1 %, … 100 %.
constexpr std::array<double, 101> kPercentiles = [] {
  std::array<double, 101> shares{};
  for (size_t percent = 0; percent < shares.size(); ++percent) {
    shares[percent] = static_cast<double>(percent) / 100.0;
  }
  return shares;
}();

proto::RunReport::Distribution WithLast(proto::RunReport::Distribution distribution,
                                        std::optional<int64_t> last) {
  if (last) distribution.set_last(*last);
  return distribution;
}

void FillLag(const LagSummary& summary, proto::RunReport::Lag& lag) {
  const std::optional<LagAt>& last = summary.last;
  const auto of = [&last](int64_t value) { return last ? std::optional(value) : std::nullopt; };
  const LagAt at = last.value_or(LagAt{});
  *lag.mutable_entries() =
      WithLast(ToDistribution(summary.entries, 1, false), of(static_cast<int64_t>(at.entries)));
  *lag.mutable_bytes() =
      WithLast(ToDistribution(summary.bytes, 1, false), of(static_cast<int64_t>(at.bytes)));
  *lag.mutable_time_us() = WithLast(ToDistribution(summary.time_ns, kNanosPerMicro, false),
                                    of((at.time_ns + kNanosPerMicro / 2) / kNanosPerMicro));
}

bool IsKnownWithin(const LagCurve& curve, int64_t begin_ns, int64_t end_ns) {
  bool known = false;
  ForEachInterval(curve, begin_ns, end_ns,
                  [&known](const LagPoint& point, int64_t, int64_t) { known |= point.known; });
  return known;
}

void FillApply(const Recording& recording, const std::string& id, const LagCurve& curve,
               const std::vector<NodeFault>& faults, proto::RunReport& report,
               proto::RunReport::Lag& lag) {
  const proto::Manifest& manifest = recording.manifest;
  const CatchUp catch_up =
      MeasureCatchUp(curve, faults, manifest.load_begin_ns(), manifest.end_ns());
  if (catch_up.longest_ns) lag.set_catch_up_ms(MillisFrom(*catch_up.longest_ns));
  if (catch_up.never > 0) {
    lag.set_never_caught_up(catch_up.never);
    report.add_notes(absl::StrCat(id, " had not caught up after ", catch_up.never,
                                  catch_up.never == 1 ? " fault" : " faults",
                                  " when the run ended"));
  }
  if (!IsKnownWithin(curve, manifest.load_begin_ns(), manifest.load_end_ns())) return;
  lag.set_stalled_ms(static_cast<double>(StalledFor(curve, manifest.load_begin_ns(),
                                                    manifest.load_end_ns(), kStallPatienceNs)) /
                     1e6);
}

std::vector<RecordedState> SampleStates(const proto::Manifest& manifest, const NodeTimes& times,
                                        size_t node) {
  std::vector<RecordedState> states;
  for (int64_t at = manifest.load_begin_ns(); at <= manifest.end_ns(); at += kLagSampleNs) {
    states.push_back(times.StateAt(node, at));
  }
  return states;
}

// Walks one node after the other. All references must outlive this object.
class StageWalk {
 public:
  StageWalk(const Recording& recording, const LeadershipHistory& leadership_history,
            const OutageTable& outages, TimelineBuilder& timeline, RunAnalysis& analysis)
      : recording_(recording),
        lineages_(leadership_history),
        outages_(outages),
        timeline_(timeline),
        analysis_(analysis),
        delays_(MeasureAckDelays(recording, leadership_history)),
        instants_(LagReadingInstants(recording.manifest)) {}

  void WalkNode(size_t node) {
    const NodeRecording& recorded = recording_.nodes[node];
    TrueLags receive;
    TrueLags apply;
    bool followed = true;  // false: the node was leading or absent all the time
    for (size_t stage = 0; stage < kNodeStages; ++stage) {
      const StepFunction<StagePosition> steps = StageSteps(*recorded.trace, stage);
      timeline_.AddStage(recorded.id, kNodeStageNames[stage], steps);
      if (!followed) continue;
      const LagCurve whole = BuildLagCurve(lineages_, node, steps);
      if (stage == kReceiveStage) received_.Add(node, whole);
      followed = IsKnownWithin(whole, manifest().load_begin_ns(), manifest().end_ns());
      if (!followed) continue;
      if (stage == kReceiveStage) receive = TrueLag(whole, instants_);
      if (stage == kApplyStage) apply = TrueLag(whole, instants_);
      MeasureLag(node, stage, whole);
    }
    if (!followed) return;
    for (const ShownLag& shown : ShowLagMetrics(recording_, lineages_, node, receive, apply)) {
      *analysis_.report.add_shown_lag() = Summarize(shown);
      timeline_.AddShown(shown);
    }
  }

  ReceivedByReplicas TakeReceived() { return std::move(received_); }

 private:
  const proto::Manifest& manifest() const { return recording_.manifest; }

  void MeasureLag(size_t node, size_t stage, const LagCurve& whole) {
    const std::string& id = recording_.nodes[node].id;
    const TimeRanges& down = outages_.times.down(node);
    const LagCurve curve = WhileUp(whole, down);
    timeline_.AddLag(id, kNodeStageNames[stage], curve, WhileDown(whole, down));
    analysis_.lag.push_back(
        {id, kNodeStageNames[stage],
         SampleLag(whole, manifest().load_begin_ns(), manifest().end_ns(), kLagSampleNs),
         SampleStates(manifest(), outages_.times, node)});
    // A node that was down whenever another node led has no lag and nothing to catch up with.
    if (!IsKnownWithin(curve, manifest().load_begin_ns(), manifest().end_ns())) return;
    const LagSummary summary =
        SummarizeLag(curve, manifest().load_begin_ns(), manifest().load_end_ns());
    proto::RunReport::Lag& lag = *analysis_.report.add_lag();
    lag.set_replica(id);
    lag.set_stage(kNodeStageNames[stage]);
    FillLag(summary, lag);
    if (!delays_[node][stage].empty()) {
      *lag.mutable_ack_delay_us() = ToDistribution(delays_[node][stage], kNanosPerMicro, true);
    }
    if (stage == kApplyStage) MeasureApply(node, curve, summary, lag);
  }

  void MeasureApply(size_t node, const LagCurve& curve, const LagSummary& summary,
                    proto::RunReport::Lag& lag) {
    for (const int64_t ns : summary.time_ns.Quantiles(kPercentiles)) {
      lag.add_time_us_percentiles((ns + kNanosPerMicro / 2) / kNanosPerMicro);
    }
    FillApply(recording_, recording_.nodes[node].id, curve,
              FindNodeFaults(recording_, lineages_, outages_.faults, node), analysis_.report, lag);
    WallLag wall = MeasureWallLag(recording_, lineages_, node);
    *lag.mutable_wall_clock_us() = std::move(wall.shown_us);
    *lag.mutable_wall_clock_error_us() = std::move(wall.error_us);
  }

  const Recording& recording_;
  const LeadershipHistory& lineages_;
  const OutageTable& outages_;
  TimelineBuilder& timeline_;
  RunAnalysis& analysis_;
  const AckDelays delays_;
  const std::vector<int64_t> instants_;  // at which lag metrics are read
  ReceivedByReplicas received_;
};

}  // namespace

ReceivedByReplicas WalkStages(const Recording& recording,
                              const LeadershipHistory& leadership_history,
                              const OutageTable& outages, TimelineBuilder& timeline,
                              RunAnalysis& analysis) {
  StageWalk walk(recording, leadership_history, outages, timeline, analysis);
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    const auto& trace = recording.nodes[node].trace;
    if (trace && !trace->empty()) walk.WalkNode(node);
  }
  return walk.TakeReceived();
}

}  // namespace replsim
