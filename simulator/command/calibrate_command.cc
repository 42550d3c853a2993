#include "simulator/command/calibrate_command.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/analysis/host_notes.h"
#include "simulator/calibrate/fit_machine.h"
#include "simulator/calibrate/fit_text.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/read_commands.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/recording.h"
#include "simulator/recording/run_folder.h"
#include "simulator/scenario/scenario.h"

namespace replsim {
namespace {

absl::StatusOr<MachineFit> FitRun(const CalibrateOptions& options) {
  REPL_ASSIGN_OR_RETURN(const std::string folder,
                        RecordingFolder(options.folder, options.variant, options.repeat));
  REPL_ASSIGN_OR_RETURN(const Recording recording, ReadRecording(folder));
  if (recording.manifest.runtime() != "live") {
    return absl::InvalidArgumentError(absl::StrCat(
        ManifestPath(folder), ": this run has the runtime ", recording.manifest.runtime(),
        ", so it shows only the simulated machine; expected a live run"));
  }
  if (WasBusy(recording.manifest.host())) {
    std::fprintf(stderr,
                 "%s: warning: the machine was busy during this run, so the fit contains times of "
                 "waiting for a processor; record again on a quiet machine\n",
                 folder.c_str());
  }
  REPL_ASSIGN_OR_RETURN(const LoadedScenario loaded,
                        LoadScenarioText(recording.scenario_yaml, ScenarioPath(folder), {}, {}));
  return FitMachine(recording, loaded.variants.front().scenario);
}

}  // namespace

int Calibrate(const CalibrateOptions& options) {
  const absl::StatusOr<MachineFit> fit = FitRun(options);
  if (!fit.ok()) return UsageError(fit.status());
  const std::string yaml = MachineYaml(*fit, options.folder);
  if (options.out.empty()) {
    std::fputs(yaml.c_str(), stdout);
    std::fputs(FitTable(*fit).c_str(), stderr);
    return kExitHeld;
  }
  const absl::Status written = WriteFileBytes(options.out, yaml);
  if (!written.ok()) return UsageError(written);
  std::fputs(FitTable(*fit).c_str(), stdout);
  std::printf("replsim run SCENARIO --runtime virtual --machine %s\n", options.out.c_str());
  return kExitHeld;
}

}  // namespace replsim
