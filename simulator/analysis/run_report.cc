#include "simulator/analysis/run_report.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/availability.h"
#include "simulator/analysis/availability/elections.h"
#include "simulator/analysis/availability/interruptions.h"
#include "simulator/analysis/availability/outage_table.h"
#include "simulator/analysis/availability/phases.h"
#include "simulator/analysis/availability/primary_states.h"
#include "simulator/analysis/availability/recovery.h"
#include "simulator/analysis/availability/throughput.h"
#include "simulator/analysis/availability/write_stops.h"
#include "simulator/analysis/durability/divergence.h"
#include "simulator/analysis/durability/expected_loss.h"
#include "simulator/analysis/durability/forgotten_epochs.h"
#include "simulator/analysis/durability/io.h"
#include "simulator/analysis/durability/none_eligible.h"
#include "simulator/analysis/durability/torn_transactions.h"
#include "simulator/analysis/evidence/distribution.h"
#include "simulator/analysis/evidence/evidence_table.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/evidence/settings.h"
#include "simulator/analysis/evidence/workload_facts.h"
#include "simulator/analysis/host_notes.h"
#include "simulator/analysis/promised.h"
#include "simulator/analysis/reads/consistency.h"
#include "simulator/analysis/reads/guarantee_order.h"
#include "simulator/analysis/reads/staleness.h"
#include "simulator/analysis/stage_walk.h"
#include "simulator/analysis/timeline/lead_lanes.h"
#include "simulator/analysis/timeline/replay.h"
#include "simulator/analysis/timeline/space_time.h"
#include "simulator/analysis/timeline/timeline.h"
#include "simulator/analysis/writes/censored_latency.h"
#include "simulator/analysis/writes/fates.h"
#include "simulator/analysis/writes/latency.h"
#include "simulator/analysis/writes/lost_bytes.h"
#include "simulator/oracle/oracle.h"

namespace replsim {
namespace {

void Describe(const Recording& recording, proto::RunReport& report) {
  const proto::Manifest& manifest = recording.manifest;
  report.set_variant(manifest.variant());
  report.set_runtime(manifest.runtime());
  report.set_seed(manifest.seed());
  if (manifest.repeat() > 0) report.set_repeat(manifest.repeat());
  report.set_command(manifest.command());
  report.set_complete(manifest.complete());
  *report.mutable_nodes() = manifest.nodes();
  if (manifest.load_end_ns() > manifest.load_begin_ns()) {
    report.set_load_seconds(static_cast<double>(manifest.load_end_ns() - manifest.load_begin_ns()) /
                            1e9);
  }
  for (const auto& [path, value] : FlattenSettings(recording.scenario_yaml)) {
    proto::RunReport::Setting& setting = *report.add_knobs();
    setting.set_path(path);
    setting.set_value(value);
  }
  for (const std::string& note : recording.notes) report.add_notes(note);
  for (std::string& note : JudgeHost(recording, report)) report.add_notes(std::move(note));
  *report.mutable_missing_faults() = manifest.missing_faults();
  for (const auto& end : manifest.ends()) {
    if (!end.failure().empty())
      report.add_notes(absl::StrCat(end.node(), " stopped: ", end.failure()));
    if (!end.recovery().empty()) report.add_notes(absl::StrCat(end.node(), ": ", end.recovery()));
  }
}

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
                    const Fates& fates, const WorkloadFacts& facts, proto::RunReport& report) {
  const LoadPhases phases = FindPhases(recording);
  *report.mutable_throughput() = MeasureThroughput(recording, facts, phases);
  *report.mutable_phases() = MeasurePhases(recording, phases);
  *report.mutable_write_with_unknown_us() = MeasureWithUnknown(recording, facts);
  *report.mutable_interruptions() = MeasureInterruptions(recording, facts);
  *report.mutable_primary_states() = MeasurePrimaryStates(recording, leadership_history, facts);
  *report.mutable_recovery() = MeasureRecovery(recording, leadership_history, facts);
  if (const auto bytes = AckedLostBytes(recording, leadership_history, fates)) {
    report.mutable_writes()->set_acked_lost_bytes(*bytes);
  }
  const std::string too_few = TooFewClients(recording, facts, phases);
  if (!too_few.empty()) report.add_notes(too_few);
}

void CheckTransactions(const Recording& recording, proto::RunReport& report) {
  const TornTransactions found = FindTornTransactions(recording);
  const bool any_final = std::any_of(recording.nodes.begin(), recording.nodes.end(),
                                     [](const auto& node) { return node.final_state.has_value(); });
  if (found.checked == 0 || !any_final) return;
  report.mutable_writes()->set_torn_transactions(found.torn);
  if (found.torn == 0) return;
  report.add_breaches(absl::StrCat("transactions that a node holds in part: ", found.torn,
                                   "; the first: ", found.first));
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
  Describe(recording, report);
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
  *report.mutable_latency_us() = MeasureLatency(recording);
  StaleReads stale = FindStaleReads(recording, leadership_history, fates);
  timeline.AddOperations(stale.invoked_ns);
  const WorkloadFacts facts = ReadWorkloadFacts(recording.scenario_yaml);
  *report.mutable_elections() =
      MeasureElections(recording, leadership_history, outages, facts, stale.reads);
  *report.mutable_consistency() = CheckConsistency(recording, leadership_history, final_log,
                                                   std::move(stale), &analysis.witness);
  *report.mutable_availability() =
      MeasureAvailability(recording, leadership_history, fates, outages);
  *report.mutable_io() = MeasureIo(recording, final_log, exposure);
  DivergenceFindings divergence = CheckDivergence(recording, final_log, fates);
  *report.mutable_divergence() = std::move(divergence.divergence);
  *report.mutable_writes() = fates.writes;
  MeasureService(recording, leadership_history, fates, facts, report);
  for (const std::string& breach : fates.breaches) report.add_breaches(breach);
  CheckTransactions(recording, report);
  for (const std::string& breach : divergence.breaches) report.add_breaches(breach);
  for (const std::string& note : divergence.notes) report.add_notes(note);
  for (std::string& breach : FindForgottenEpochs(recording)) {
    report.add_breaches(std::move(breach));
  }
  if (leadership_history.leaderships().empty() &&
      SourceOf(recording.manifest, Evidence::kEpochs) != proto::ABSENT) {
    report.add_notes("no leadership was recorded, so lag and replica reads cannot be computed");
  }
  ApplyEvidence(recording.manifest, DamageOf(recording), report);
  SummarizeConsistency(report.mutable_consistency());
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
  ExcuseWhereNoneIsEligible(resolved, recording, analysis.report);
  ExcuseWhereAllAreTooFarBehind(resolved, recording, analysis.report);
  if (CanJudgePromise(recording.manifest)) CheckPromise(resolved, recording, analysis.report);
  if (!CanCheckInvariants(recording.manifest)) return analysis;
  for (std::string& violation : FindViolations(resolved, recording, analysis.report)) {
    analysis.report.add_breaches(std::move(violation));
  }
  return analysis;
}

}  // namespace replsim
