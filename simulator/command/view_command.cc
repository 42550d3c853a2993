#include "simulator/command/view_command.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <vector>

#include "common/base/status.h"
#include "simulator/analysis/run_report.h"
#include "simulator/command/exit_status.h"
#include "simulator/recording/recording.h"
#include "simulator/recording/run_folder.h"
#include "simulator/report/page/report_page.h"
#include "simulator/report/report_file.h"
#include "simulator/scenario/scenario.h"
#include "simulator/serve/live_view.h"

namespace replsim {
namespace {

// Shows the run that began last. Its expectations can be judged only when it has ended.
absl::StatusOr<LiveView> ViewOf(const std::string& run_folder) {
  REPL_ASSIGN_OR_RETURN(const std::vector<std::string> recordings, ListRecordings(run_folder));
  REPL_ASSIGN_OR_RETURN(const Recording recording, ReadRecording(recordings.back()));
  google::protobuf::RepeatedPtrField<proto::Expect> expected;
  std::string answer;
  const absl::StatusOr<LoadedScenario> loaded =
      LoadScenarioText(recording.scenario_yaml, ScenarioPath(recordings.back()), {}, {});
  if (recording.manifest.complete() && loaded.ok()) {
    expected = loaded->scenario.expect();
    answer = loaded->scenario.answer();
  }
  // The manifest on disk has an end time as soon as the run has ended.
  REPL_ASSIGN_OR_RETURN(const proto::Manifest written, ReadManifest(recordings.back()));
  const bool running = written.end_ns() == 0;
  RunAnalysis run = loaded.ok() && loaded->variants.size() == 1
                        ? AnalyzeRun(recording, loaded->variants.front().scenario, kReplayRecords)
                        : AnalyzeRun(recording, kReplayRecords);
  // Evidence that is missing during the run needs no note.
  if (running) *run.report.mutable_notes() = written.notes();
  const RunState state = running ? RunState::kRunning : RunState::kEnded;
  const proto::Report report =
      BuildReport(recording.manifest.scenario(), recording.manifest.question(), answer,
                  std::vector<proto::RunReport>{run.report}, expected);
  return LiveView{ReportPage(report, run, state), PageUpdate(report, run, state)};
}

// Ends with the run that started it.
void DieWithParent() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() == 1) _exit(kExitFailed);
}

}  // namespace

int PrintView(const std::string& run_folder) {
  DieWithParent();
  const absl::StatusOr<LiveView> view = ViewOf(run_folder);
  if (!view.ok()) return kExitFailed;  // nothing to show yet
  const std::string packed = Pack(*view);
  std::fwrite(packed.data(), 1, packed.size(), stdout);
  return kExitHeld;
}

}  // namespace replsim
