#include "simulator/command/run_results.h"

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
  REPL_RETURN_IF_ERROR(lag_.Add(analysis));
  round_.push_back(std::move(analysis));
  return absl::OkStatus();
}

absl::StatusOr<proto::Report> RunResults::End() {
  REPL_RETURN_IF_ERROR(EndRound());
  REPL_RETURN_IF_ERROR(lag_.Close());
  proto::Report report = Judge(reports_);
  REPL_RETURN_IF_ERROR(SaveComparison(report));
  return report;
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
  for (const RunGroup& group : input.groups) {
    std::vector<std::string>& links = input.links.emplace_back();
    for (const proto::RunReport* run : group.runs) {
      for (int i = 0; i < report.runs_size(); ++i) {
        if (&report.runs(i) != run) continue;
        const std::string name =
            std::filesystem::path(folders_[static_cast<size_t>(i)]).filename().string();
        links.push_back(absl::StrCat(name, "/report.html"));
      }
    }
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
