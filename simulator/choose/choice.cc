#include "simulator/choose/choice.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/explore/judge.h"
#include "simulator/explore/shrunk_file.h"
#include "simulator/promise/guarantee_promise.h"
#include "simulator/promise/promise.h"
#include "simulator/recording/run_folder.h"

namespace replsim {
namespace {

std::optional<double> MedianOf(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) / 2];
}

std::vector<std::string> PromisedTo(const proto::Scenario& scenario) {
  std::vector<std::string> names;
  for (const GuaranteePromise& guarantee : GuaranteesOf(scenario)) {
    if (guarantee.promised) names.push_back(guarantee.name);
  }
  return names;
}

// Keeps only the names that `others` has too.
void Intersect(const std::vector<std::string>& others,
               std::optional<std::vector<std::string>>* names) {
  if (!*names) {
    *names = others;
    return;
  }
  std::erase_if(**names, [&](const std::string& name) {
    return std::find(others.begin(), others.end(), name) == others.end();
  });
}

bool IsJudged(const TrialEnd& end) {
  return end.how == TrialEnd::How::kReported && end.report.missing_faults().empty() &&
         end.report.writes().has_acked_lost();
}

void AddViolation(const Variant& run, const TrialEnd& end, std::vector<std::string>* violations) {
  const Verdict verdict = Judge(run.scenario, end);
  if (!verdict.failed) return;
  violations->push_back(
      absl::StrCat("seed ", run.scenario.seed(), ": ", verdict.kind, ": ", verdict.detail));
}

// Whether the longest time without a write lasted until the load ended.
bool LastedToTheEnd(const proto::RunReport::Availability& availability) {
  return availability.has_unavailable_at_end_ms() &&
         availability.unavailable_at_end_ms() >= availability.unavailable_ms();
}

void AddStop(const proto::RunReport& report, ChoiceCell* cell) {
  if (!report.availability().has_unavailable_ms()) return;
  const double stop_ms = report.availability().unavailable_ms();
  if (cell->stop_ms && *cell->stop_ms >= stop_ms) return;
  cell->stop_ms = stop_ms;
  cell->stop_at_least = LastedToTheEnd(report.availability());
}

}  // namespace

ModeJudge::ModeJudge(std::string mode, const std::vector<const TriedFailure*>& failures)
    : readers_(failures.size()) {
  choice_.mode = std::move(mode);
  for (const TriedFailure* failure : failures) {
    choice_.cells.emplace_back();
    choice_.cells.back().failure = failure;
  }
}

void ModeJudge::AddHealthy(const Variant& run, const TrialEnd& end) {
  ++choice_.runs;
  AddViolation(run, end, &choice_.violations);
  choice_.readers = PromisedTo(run.scenario);
  if (!IsJudged(end)) {
    ++choice_.not_judged;
    return;
  }
  const proto::RunReport& report = end.report;
  const proto::RunReport::Distribution& write = report.latency_us().write();
  if (write.has_p50()) p50_.push_back(static_cast<double>(write.p50()) / 1e3);
  if (write.has_p99()) p99_.push_back(static_cast<double>(write.p99()) / 1e3);
  if (report.writes().has_per_second()) per_second_.push_back(report.writes().per_second());
  if (report.throughput().has_offered_per_second()) {
    offered_.push_back(report.throughput().offered_per_second());
  }
  if (report.throughput().clients_needed() > run.scenario.workload().clients()) {
    choice_.clients_needed =
        std::max(choice_.clients_needed.value_or(0), report.throughput().clients_needed());
  }
  if (report.availability().has_unavailable_ms()) {
    choice_.stop_ms = std::max(choice_.stop_ms.value_or(0), report.availability().unavailable_ms());
  }
}

void ModeJudge::AddFailed(size_t failure, const Variant& run, const TrialEnd& end) {
  ChoiceCell& cell = choice_.cells[failure];
  ++cell.runs;
  AddViolation(run, end, &cell.violations);
  const Promise promise = PromiseOf(run.scenario);
  if (cell.promised) cell.because = promise.because;
  cell.promised &= promise.keeps_acknowledged;
  Intersect(PromisedTo(run.scenario), &readers_[failure]);
  if (!IsJudged(end)) {
    ++cell.not_judged;
    return;
  }
  AddStop(end.report, &cell);
  const uint64_t lost = end.report.writes().acked_lost();
  if (lost > 0 && lost > cell.lost_most.value_or(0)) cell.worst = run;
  cell.lost_most = std::max(cell.lost_most.value_or(0), lost);
}

double ModeJudge::WritesPerSecond() const { return MedianOf(per_second_).value_or(0); }

ModeChoice ModeJudge::Done() const {
  ModeChoice choice = choice_;
  choice.p50_ms = MedianOf(p50_);
  choice.p99_ms = MedianOf(p99_);
  choice.per_second = MedianOf(per_second_);
  choice.offered_per_second = MedianOf(offered_);
  for (size_t i = 0; i < choice.cells.size(); ++i) {
    choice.cells[i].readers = readers_[i].value_or(std::vector<std::string>());
  }
  return choice;
}

std::string WorstPath(const ChoiceResult& result, const ModeChoice& mode, const ChoiceCell& cell) {
  return absl::StrCat(result.folder, "/",
                      FileSafeName(absl::StrCat(mode.mode, "-", cell.failure->name)), ".yaml");
}

std::string WorstCommand(const ChoiceResult& result, const ModeChoice& mode,
                         const ChoiceCell& cell) {
  return absl::StrCat("replsim run ", WorstPath(result, mode, cell), " --runtime virtual");
}

std::string WorstYaml(const ChoiceCell& cell) {
  Variant variant = *cell.worst;
  AddExpectations(cell.promised ? "" : kUnpromisedLoss, &variant.scenario);
  return ToYaml(variant);
}

std::string PromisedWord(const ChoiceCell& cell) {
  if (!cell.violations.empty()) return "BROKEN";
  if (!cell.lost_most) return cell.promised ? "yes" : "-";
  if (cell.promised) return *cell.lost_most == 0 ? "yes" : "degraded";
  return *cell.lost_most == 0 ? "luck" : "no";
}

}  // namespace replsim
