#include "simulator/command/virtual_trial.h"

#include "common/base/status.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/virtual_run.h"

namespace replsim {
namespace {

absl::StatusOr<proto::RunReport> RunAndAnalyze(const proto::Scenario& scenario) {
  REPL_ASSIGN_OR_RETURN(const Recording recording, RunVirtualInMemory(scenario));
  return AnalyzeRun(recording, scenario).report;
}

}  // namespace

RunTrial VirtualTrial() { return RunAndAnalyze; }

}  // namespace replsim
