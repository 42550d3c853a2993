#include "simulator/analysis/judge_run.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/availability.h"
#include "simulator/analysis/availability/elections.h"
#include "simulator/analysis/durability/divergence.h"
#include "simulator/analysis/durability/forgotten_epochs.h"
#include "simulator/analysis/durability/none_eligible.h"
#include "simulator/analysis/durability/torn_transactions.h"
#include "simulator/analysis/evidence/evidence_table.h"
#include "simulator/analysis/evidence/settings.h"
#include "simulator/analysis/host_notes.h"
#include "simulator/analysis/promised.h"
#include "simulator/analysis/reads/consistency.h"
#include "simulator/analysis/reads/guarantee_order.h"
#include "simulator/analysis/reads/staleness.h"
#include "simulator/analysis/writes/lost_bytes.h"
#include "simulator/oracle/oracle.h"

namespace replsim {
namespace {

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

}  // namespace

void DescribeRun(const Recording& recording, proto::RunReport& report) {
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

std::vector<int64_t> JudgeData(const DataEvidence& data, proto::RunReport& report,
                               WitnessPicture* witness) {
  const Recording& recording = data.recording;
  const LeadershipHistory& leadership_history = data.leadership_history;
  StaleReads stale = FindStaleReads(recording, leadership_history, data.fates);
  std::vector<int64_t> stale_invoked_ns = stale.invoked_ns;
  *report.mutable_elections() =
      MeasureElections(recording, leadership_history, data.outages, data.facts, stale.reads);
  *report.mutable_consistency() =
      CheckConsistency(recording, leadership_history, data.final_log, std::move(stale), witness);
  *report.mutable_availability() =
      MeasureAvailability(recording, leadership_history, data.fates, data.outages);
  DivergenceFindings divergence = CheckDivergence(recording, data.final_log, data.fates);
  *report.mutable_divergence() = std::move(divergence.divergence);
  *report.mutable_writes() = data.fates.writes;
  if (const auto bytes = AckedLostBytes(recording, leadership_history, data.fates)) {
    report.mutable_writes()->set_acked_lost_bytes(*bytes);
  }
  for (const std::string& breach : data.fates.breaches) report.add_breaches(breach);
  CheckTransactions(recording, report);
  for (const std::string& breach : divergence.breaches) report.add_breaches(breach);
  for (const std::string& note : divergence.notes) report.add_notes(note);
  for (std::string& breach : FindForgottenEpochs(recording)) {
    report.add_breaches(std::move(breach));
  }
  return stale_invoked_ns;
}

void FinishReport(const Recording& recording, const LeadershipHistory& leadership_history,
                  proto::RunReport& report) {
  if (leadership_history.leaderships().empty() &&
      SourceOf(recording.manifest, Evidence::kEpochs) != proto::ABSENT) {
    report.add_notes("no leadership was recorded, so lag and replica reads cannot be computed");
  }
  ApplyEvidence(recording.manifest, DamageOf(recording), report);
  SummarizeConsistency(report.mutable_consistency());
}

void HoldAgainst(const proto::Scenario& resolved, const Recording& recording,
                 proto::RunReport& report) {
  ExcuseWhereNoneIsEligible(resolved, recording, report);
  ExcuseWhereAllAreTooFarBehind(resolved, recording, report);
  if (CanJudgePromise(recording.manifest)) CheckPromise(resolved, recording, report);
  if (!CanCheckInvariants(recording.manifest)) return;
  for (std::string& violation : FindViolations(resolved, recording, report)) {
    report.add_breaches(std::move(violation));
  }
}

proto::RunReport JudgeRun(const Recording& recording, const proto::Scenario& resolved) {
  proto::RunReport report;
  DescribeRun(recording, report);
  const LeadershipHistory leadership_history(recording);
  const OutageTable outages(recording, leadership_history);
  const FinalLog final_log(recording);
  const Fates fates = DecideFates(recording, final_log);
  const WorkloadFacts facts = ReadWorkloadFacts(recording.scenario_yaml);
  JudgeData({recording, leadership_history, outages, final_log, fates, facts}, report, nullptr);
  FinishReport(recording, leadership_history, report);
  HoldAgainst(resolved, recording, report);
  return report;
}

}  // namespace replsim
