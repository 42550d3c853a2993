#include "simulator/command/run_results.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"
#include "simulator/report/page/compare_page.h"
#include "simulator/report/page/report_page.h"
#include "simulator/report/report_file.h"

namespace replsim {

absl::StatusOr<RunResults> RunResults::Create(const std::string& run_folder,
                                              const proto::Scenario& scenario, bool repeated) {
  RunResults results(run_folder, scenario);
  REPL_ASSIGN_OR_RETURN(results.lag_, LagCsvFile::Create(run_folder, repeated));
  return results;
}

absl::Status RunResults::Add(RunAnalysis analysis) {
  const bool next_round =
      !round_.empty() && round_.front().report.repeat() != analysis.report.repeat();
  if (next_round) REPL_RETURN_IF_ERROR(EndRound());
  round_.push_back(std::move(analysis));
  return lag_.Add(round_.back());
}

absl::StatusOr<proto::Report> RunResults::End() {
  REPL_RETURN_IF_ERROR(EndRound());
  REPL_RETURN_IF_ERROR(lag_.Close());
  proto::Report report = Judge(reports_);
  REPL_RETURN_IF_ERROR(SaveComparison(report));
  return report;
}

proto::Report RunResults::EndBroken(std::optional<RunAnalysis> last) {
  if (last) Add(*std::move(last)).IgnoreError();
  if (absl::StatusOr<proto::Report> ended = End(); ended.ok()) return *std::move(ended);
  std::vector<proto::RunReport> runs = reports_;
  for (const RunAnalysis& analysis : round_) runs.push_back(analysis.report);
  return Judge(runs);
}

proto::Report RunResults::Judge(const std::vector<proto::RunReport>& runs) const {
  return BuildReport(scenario_->name(), scenario_->question(), scenario_->answer(), runs,
                     scenario_->expect());
}

absl::Status RunResults::SaveComparison(const proto::Report& report) const {
  if (report.runs_size() < 2) return absl::OkStatus();
  ComparePageInput input;
  input.title = report.scenario();
  input.question = report.question();
  input.answer = report.answer();
  input.expectations = {report.expectations().begin(), report.expectations().end()};
  input.groups = GroupByVariant(report.runs());
  input.links.resize(input.groups.size());
  for (int i = 0; i < report.runs_size(); ++i) {
    const auto group =
        std::find_if(input.groups.begin(), input.groups.end(),
                     [&](const RunGroup& of) { return of.name == report.runs(i).variant(); });
    const std::filesystem::path folder = folders_[static_cast<size_t>(i)];
    input.links[static_cast<size_t>(group - input.groups.begin())].push_back(
        absl::StrCat(folder.filename().string(), "/report.html"));
  }
  return WriteFileBytes(ComparePagePath(run_folder_), ComparePage(input));
}

absl::Status RunResults::EndRound() {
  std::vector<proto::RunReport> runs;
  for (const RunAnalysis& analysis : round_) runs.push_back(analysis.report);
  REPL_RETURN_IF_ERROR(SavePages(Judge(runs), round_));
  for (const RunAnalysis& analysis : round_) folders_.push_back(analysis.folder);
  for (proto::RunReport& run : runs) reports_.push_back(std::move(run));
  round_.clear();
  return absl::OkStatus();
}

}  // namespace replsim
