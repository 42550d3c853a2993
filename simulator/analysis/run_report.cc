#include "simulator/analysis/run_report.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/availability/interruptions.h"
#include "simulator/analysis/availability/outage_table.h"
#include "simulator/analysis/availability/phases.h"
#include "simulator/analysis/availability/primary_states.h"
#include "simulator/analysis/availability/recovery.h"
#include "simulator/analysis/availability/throughput.h"
#include "simulator/analysis/availability/write_stops.h"
#include "simulator/analysis/durability/expected_loss.h"
#include "simulator/analysis/durability/io.h"
#include "simulator/analysis/evidence/distribution.h"
#include "simulator/analysis/evidence/evidence_table.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/evidence/workload_facts.h"
#include "simulator/analysis/judge_run.h"
#include "simulator/analysis/stage_walk.h"
#include "simulator/analysis/timeline/lead_lanes.h"
#include "simulator/analysis/timeline/replay.h"
#include "simulator/analysis/timeline/space_time.h"
#include "simulator/analysis/timeline/timeline.h"
#include "simulator/analysis/writes/censored_latency.h"
#include "simulator/analysis/writes/fates.h"
#include "simulator/analysis/writes/latency.h"

namespace replsim {
namespace {

// Builds the exposure curves, which are large, and drops them after use.
ExposureSummary MeasureExposure(const Recording& recording,
                                const LeadershipHistory& leadership_history, const NodeTimes& times,
                                ReceivedByReplicas received, TimelineBuilder& timeline,
                                proto::RunReport& report) {
  const ExposureCurves curves(recording, leadership_history, times, std::move(received));
  *report.mutable_expected_loss() = MeasureExpectedLoss(recording, leadership_history, curves);
  timeline.AddExposure(curves);
  return Summarize(curves, recording.manifest.load_begin_ns(), recording.manifest.load_end_ns());
}

// Measures throughput, phases, interruptions and recovery: the offered load and how it was served.
void MeasureService(const Recording& recording, const LeadershipHistory& leadership_history,
                    const WorkloadFacts& facts, proto::RunReport& report) {
  const LoadPhases phases = FindPhases(recording);
  *report.mutable_throughput() = MeasureThroughput(recording, facts, phases);
  *report.mutable_phases() = MeasurePhases(recording, phases);
  *report.mutable_write_with_unknown_us() = MeasureWithUnknown(recording, facts);
  *report.mutable_interruptions() = MeasureInterruptions(recording, facts);
  *report.mutable_primary_states() = MeasurePrimaryStates(recording, leadership_history, facts);
  *report.mutable_recovery() = MeasureRecovery(recording, leadership_history, facts);
  const std::string too_few = TooFewClients(recording, facts, phases);
  if (!too_few.empty()) report.add_notes(too_few);
}

// Explains the first lost write and the slowest committed one, if they exist.
void ExplainSome(const KnownWrites& evidence, RunAnalysis& analysis) {
  for (const char* which : {"lost", "slowest"}) {
    const absl::StatusOr<WriteRef> write = FindWrite(evidence, which);
    if (write.ok()) analysis.explained.push_back({which, Explain(evidence, *write)});
  }
}

}  // namespace

RunAnalysis AnalyzeRun(const Recording& recording, size_t replay_records_max) {
  RunAnalysis analysis;
  proto::RunReport& report = analysis.report;
  DescribeRun(recording, report);
  const LeadershipHistory leadership_history(recording);
  TimelineBuilder timeline(recording);
  const OutageTable outages(recording, leadership_history);
  timeline.AddOutages(FindWriteStops(recording, outages.changes));
  ReceivedByReplicas received =
      WalkStages(recording, leadership_history, outages, timeline, analysis);
  const ExposureSummary exposure = MeasureExposure(recording, leadership_history, outages.times,
                                                   std::move(received), timeline, report);
  // The large temporary structures above are freed before the long-lived ones below are built.
  const FinalLog final_log(recording);
  const Fates fates = DecideFates(recording, final_log);
  const WorkloadFacts facts = ReadWorkloadFacts(recording.scenario_yaml);
  const DataEvidence data{recording, leadership_history, outages, final_log, fates, facts};
  *report.mutable_latency_us() = MeasureLatency(recording);
  *report.mutable_io() = MeasureIo(recording, final_log, exposure);
  MeasureService(recording, leadership_history, facts, report);
  timeline.AddOperations(JudgeData(data, report, &analysis.witness));
  FinishReport(recording, leadership_history, report);
  analysis.folder = recording.folder;
  analysis.scenario_yaml = recording.scenario_yaml;
  analysis.timeline = timeline.Done();
  const KnownWrites evidence{recording, final_log, leadership_history, fates};
  if (CanDrawMessages(recording.manifest)) {
    analysis.lead_lanes = BuildLeadLanes(recording, leadership_history, outages);
    if (const std::optional<Window> window = ChooseWindow(evidence, analysis.timeline)) {
      analysis.space_time = BuildSpaceTime(evidence, analysis.timeline, *window);
      if (replay_records_max > 0) {
        analysis.replay = BuildReplay(evidence, *window, analysis.lead_lanes, replay_records_max);
      }
    }
  }
  if (CanExplainWrites(recording.manifest)) ExplainSome(evidence, analysis);
  return analysis;
}

RunAnalysis AnalyzeRun(const Recording& recording, const proto::Scenario& resolved,
                       size_t replay_records_max) {
  RunAnalysis analysis = AnalyzeRun(recording, replay_records_max);
  HoldAgainst(resolved, recording, analysis.report);
  return analysis;
}

}  // namespace replsim
