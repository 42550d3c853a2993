#include "simulator/command/run_results.h"

#include <utility>

#include "common/base/status.h"
#include "simulator/report/page/report_page.h"
#include "simulator/report/report_file.h"

namespace replsim {

absl::StatusOr<RunResults> RunResults::Create(const std::string& run_folder,
                                              const proto::Scenario& scenario, bool repeated) {
  RunResults results(scenario);
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
  return Judge(reports_);
}

proto::Report RunResults::Judge(const std::vector<proto::RunReport>& runs) const {
  return BuildReport(scenario_->name(), scenario_->question(), scenario_->answer(), runs,
                     scenario_->expect());
}

absl::Status RunResults::EndRound() {
  std::vector<proto::RunReport> runs;
  for (const RunAnalysis& analysis : round_) runs.push_back(analysis.report);
  REPL_RETURN_IF_ERROR(SavePages(Judge(runs), round_));
  for (proto::RunReport& run : runs) reports_.push_back(std::move(run));
  round_.clear();
  return absl::OkStatus();
}

}  // namespace replsim
