#include "simulator/command/run_command.h"

#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/status.h"
#include "simulator/analysis/expectations.h"
#include "simulator/command/live_run.h"
#include "simulator/command/progress.h"
#include "simulator/command/read_commands.h"
#include "simulator/command/virtual_run.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"
#include "simulator/report/lag_csv.h"
#include "simulator/report/page/report_page.h"
#include "simulator/report/report_file.h"
#include "simulator/report/text_report.h"
#include "simulator/scenario/scenario.h"

namespace replsim {
namespace {

LiveMachine& Machine() {
  static LiveMachine& machine = *new LiveMachine();  // see live_run.h
  return machine;
}

std::string TimeStamp() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%d_%H-%M-%S", &local);
  return text;
}

std::string RepeatCommand(const CommandOptions& options, uint64_t seed) {
  std::string command = absl::StrCat("replsim run ", options.scenario_path, " --seed ", seed);
  if (options.runtime != "live") absl::StrAppend(&command, " --runtime ", options.runtime);
  for (const std::string& set : options.sets) absl::StrAppend(&command, " --set '", set, "'");
  for (const std::string& vary : options.varies) absl::StrAppend(&command, " --vary '", vary, "'");
  return command;
}

Progress::Style StyleFor(const CommandOptions& options) {
  if (options.quiet) return Progress::Style::kQuiet;
  return isatty(STDERR_FILENO) ? Progress::Style::kBlock : Progress::Style::kLines;
}

// All variants, one after the other; what they recorded, analysed.
absl::StatusOr<std::vector<RunAnalysis>> RunVariants(const CommandOptions& options,
                                                     const LoadedScenario& loaded,
                                                     const std::string& run_folder) {
  std::vector<RunAnalysis> analyses;
  const bool only = loaded.variants.size() == 1;
  for (size_t i = 0; i < loaded.variants.size(); ++i) {
    const Variant& variant = loaded.variants[i];
    const proto::Scenario& scenario = variant.scenario;
    REPL_ASSIGN_OR_RETURN(const std::string folder,
                          CreateVariantFolder(run_folder, variant.name, only));
    REPL_RETURN_IF_ERROR(WriteFileBytes(ScenarioPath(folder), ToYaml(variant)));
    {
      Progress progress(StyleFor(options),
                        absl::StrFormat("%s · %s (%d of %d)", scenario.name(), variant.name, i + 1,
                                        loaded.variants.size()),
                        Nanos(scenario.duration().ns()));
      RunOptions run{variant.name, options.runtime, RepeatCommand(options, scenario.seed()),
                     progress.Display()};
      const absl::Status status =
          options.runtime == "virtual"
              ? RunVirtual(scenario, folder, std::move(run))
              : RunLive(scenario, folder, options.program_dir, std::move(run), Machine());
      if (!status.ok()) return Annotate(status, variant.name);
    }
    REPL_ASSIGN_OR_RETURN(const Recording recording, ReadRecording(folder));
    analyses.push_back(AnalyzeRun(recording));
  }
  return analyses;
}

// Each replica is a process, with threads and a disk to share. Virtual time has room for more.
constexpr uint32_t kLiveReplicasMax = 64;

absl::Status CheckRuntime(const CommandOptions& options, const LoadedScenario& loaded) {
  if (options.runtime == "virtual") return absl::OkStatus();
  for (const Variant& variant : loaded.variants) {
    const uint32_t replicas = variant.scenario.cluster().replicas();
    if (replicas <= kLiveReplicasMax) continue;
    return absl::InvalidArgumentError(absl::StrCat(options.scenario_path, ": ", replicas,
                                                   " replicas are more than one host can "
                                                   "run as processes; expected at most ",
                                                   kLiveReplicasMax, ", or --runtime virtual"));
  }
  return absl::OkStatus();
}

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "replsim: %s\n", std::string(status.message()).c_str());
  if (absl::IsCancelled(status)) return kExitInterrupted;
  return kExitFailed;
}

}  // namespace

int RunScenario(const CommandOptions& options) {
  std::vector<std::string> sets = options.sets;
  if (options.seed) sets.push_back(absl::StrCat("seed=", *options.seed));
  const absl::StatusOr<LoadedScenario> loaded =
      LoadScenario(options.scenario_path, sets, options.varies);
  if (!loaded.ok()) {
    std::fprintf(stderr, "%s\n", std::string(loaded.status().message()).c_str());
    return kExitUsage;
  }
  if (const absl::Status fits = CheckRuntime(options, *loaded); !fits.ok()) {
    std::fprintf(stderr, "%s\n", std::string(fits.message()).c_str());
    return kExitUsage;
  }
  const proto::Scenario& scenario = loaded->scenario;
  const absl::StatusOr<std::string> folder =
      CreateRunFolder(options.out, scenario.name(), TimeStamp());
  if (!folder.ok()) return Fail(folder.status());
  if (loaded->variants.size() > 1) {
    // Beside the variants' own: with what varies and what is expected of whom, to report from
    // again.
    const absl::Status written = WriteFileBytes(ScenarioPath(*folder), ToYaml(*loaded));
    if (!written.ok()) return Fail(written);
  }
  const absl::StatusOr<std::vector<RunAnalysis>> analyses = RunVariants(options, *loaded, *folder);
  if (!analyses.ok()) {
    const int status = Fail(analyses.status());
    std::fprintf(stderr, "what was recorded is in %s\n", folder->c_str());
    return status;
  }
  const proto::Report report = BuildReport(scenario.name(), scenario.question(), scenario.answer(),
                                           *analyses, scenario.expect());
  absl::Status saved = SaveReport(*folder, report);
  if (saved.ok()) saved = SaveLagCsv(*folder, *analyses);
  if (saved.ok()) saved = SavePages(report, *analyses);
  if (saved.ok() && !options.json.empty()) saved = WriteReportJson(options.json, report);
  if (!saved.ok()) return Fail(saved);
  if (options.json != "-") {
    TextOptions text;
    text.run_folder = *folder;
    text.color = isatty(STDOUT_FILENO);
    std::fputs(TextReport(report, text).c_str(), stdout);
  }
  return ExitStatus(report.expectations());
}

}  // namespace replsim
