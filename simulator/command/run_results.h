// Collects the results of a scenario's runs and writes their files: lag.csv, report.html of each
// run, and at the end compare.html and one report of all runs. In memory are the analyses of one
// round (one run of each variant), and only the reports of earlier rounds, so that repetitions need
// little memory.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "protos/report.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/analysis/run_report.h"
#include "simulator/report/lag_csv.h"

namespace replsim {

class RunResults {
 public:
  // Writes into the run folder, which exists. `scenario` outlives the results.
  static absl::StatusOr<RunResults> Create(const std::string& run_folder,
                                           const proto::Scenario& scenario, bool repeated);

  // Adds a run. Runs are added in the order in which they ran: round by round.
  absl::Status Add(RunAnalysis analysis);
  // Ends the results after the last run. Call it once. The caller saves report.json.
  absl::StatusOr<proto::Report> End();
  // Replaces End if a run ended early. `last` is that run's analysis, if there is one. Runs whose
  // files cannot be written (the disk may be full) are still in the report.
  proto::Report EndBroken(std::optional<RunAnalysis> last);

 private:
  RunResults(std::string run_folder, const proto::Scenario& scenario)
      : run_folder_(std::move(run_folder)), scenario_(&scenario) {}
  proto::Report Judge(const std::vector<proto::RunReport>& runs) const;
  // Writes the pages of a round. They show the expectations as judged from that round alone.
  absl::Status EndRound();
  // Writes compare.html if there is more than one run.
  absl::Status SaveComparison(const proto::Report& report) const;

  std::string run_folder_;
  const proto::Scenario* scenario_;
  LagCsvFile lag_;
  std::vector<RunAnalysis> round_;
  std::vector<proto::RunReport> reports_;
  std::vector<std::string> folders_;  // one per report in reports_
};

}  // namespace replsim
