// What comes of the runs of a scenario, one after the other: lag.csv, report.html of each, and in
// the end compare.html and one report of them all. Kept in memory are the analyses of one round, a
// run of each variant; of the rounds before it only the reports, so that repeats cost no more than
// these.
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
  // Into the folder of the run, which exists. The scenario outlives the results.
  static absl::StatusOr<RunResults> Create(const std::string& run_folder,
                                           const proto::Scenario& scenario, bool repeated);

  // In the order in which they ran: round by round.
  absl::Status Add(RunAnalysis analysis);
  // Once, after the last. report.json is the caller's to save.
  absl::StatusOr<proto::Report> End();
  // Instead of it, where a run broke off, which left `last` or nothing. What cannot be written, for
  // the disk may be full, is in the report all the same.
  proto::Report EndBroken(std::optional<RunAnalysis> last);

 private:
  RunResults(std::string run_folder, const proto::Scenario& scenario)
      : run_folder_(std::move(run_folder)), scenario_(&scenario) {}
  proto::Report Judge(const std::vector<proto::RunReport>& runs) const;
  // The pages of a round show what was expected as that round alone answers it.
  absl::Status EndRound();
  // compare.html, where there is more than one run.
  absl::Status SaveComparison(const proto::Report& report) const;

  std::string run_folder_;
  const proto::Scenario* scenario_;
  LagCsvFile lag_;
  std::vector<RunAnalysis> round_;
  std::vector<proto::RunReport> reports_;
  std::vector<std::string> folders_;  // of reports_
};

}  // namespace replsim
