#include "simulator/analysis/verdict.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

bool NotHeld(const proto::ExpectationResult& result) { return result.has_held() && !result.held(); }
bool NotJudged(const proto::ExpectationResult& result) { return !result.has_held(); }
bool FaultMissing(const proto::RunReport& run) { return run.missing_faults_size() > 0; }
bool FatesUnknown(const proto::RunReport& run) { return !run.writes().has_acked_survived(); }

}  // namespace

std::string NameOfRun(const proto::RunReport& run) {
  const std::string variant = run.variant().empty() ? "this run" : run.variant();
  return run.has_repeat() ? absl::StrCat(variant, ", repeat ", run.repeat()) : variant;
}

std::vector<Violation> ViolationsIn(const proto::Report& report, absl::string_view variant) {
  std::vector<Violation> all;
  for (const proto::RunReport& run : report.runs()) {
    if (!variant.empty() && run.variant() != variant) continue;
    for (const std::string& breach : run.breaches()) all.push_back({&run, breach});
  }
  return all;
}

proto::Report::Verdict DecideVerdict(const proto::Report& report) {
  const auto& results = report.expectations();
  const auto& runs = report.runs();
  if (std::any_of(results.begin(), results.end(), NotHeld) || !ViolationsIn(report).empty()) {
    return proto::Report::FAILED;
  }
  if (std::any_of(results.begin(), results.end(), NotJudged) ||
      std::any_of(runs.begin(), runs.end(), FaultMissing) ||
      std::any_of(runs.begin(), runs.end(), FatesUnknown)) {
    return proto::Report::NOT_JUDGED;
  }
  return proto::Report::HELD;
}

std::vector<std::string> VerdictReasons(const proto::Report& report) {
  std::vector<std::string> reasons;
  for (const Violation& violation : ViolationsIn(report)) {
    reasons.push_back(
        absl::StrCat("invariant violated: ", NameOfRun(*violation.run), ": ", violation.what));
  }
  for (const proto::ExpectationResult& result : report.expectations()) {
    if (!NotHeld(result) && !NotJudged(result)) continue;
    reasons.push_back(absl::StrCat(NotHeld(result) ? "not held: " : "not judged: ", result.text(),
                                   " (", result.measured(), ")"));
  }
  for (const proto::RunReport& run : report.runs()) {
    for (const std::string& fault : run.missing_faults()) {
      reasons.push_back(absl::StrCat("not judged: ", NameOfRun(run), ": ", fault));
    }
  }
  for (const proto::RunReport& run : report.runs()) {
    if (!FatesUnknown(run)) continue;
    reasons.push_back(
        absl::StrCat("not judged: ", NameOfRun(run), ": the fate of its writes is unknown"));
  }
  return reasons;
}

void SetVerdict(proto::Report& report) {
  report.set_verdict(DecideVerdict(report));
  report.clear_verdict_reasons();
  for (std::string& reason : VerdictReasons(report)) report.add_verdict_reasons(std::move(reason));
}

int ExitStatus(const proto::Report& report) {
  switch (DecideVerdict(report)) {
    case proto::Report::FAILED:
      return 1;
    case proto::Report::NOT_JUDGED:
      return 2;
    default:
      return 0;
  }
}

}  // namespace replsim
