#include "simulator/command/run_command.h"

#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/status.h"
#include "simulator/analysis/run_report.h"
#include "simulator/analysis/verdict.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/live_run.h"
#include "simulator/command/load_or_tell.h"
#include "simulator/command/machine_file.h"
#include "simulator/command/output_paths.h"
#include "simulator/command/progress.h"
#include "simulator/command/read_commands.h"
#include "simulator/command/run_results.h"
#include "simulator/command/served_run.h"
#include "simulator/command/virtual_run.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"
#include "simulator/report/junit.h"
#include "simulator/report/report_file.h"
#include "simulator/report/text_report.h"
#include "simulator/scenario/scenario.h"

namespace replsim {
namespace {

LiveMachine& SharedMachine() {
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
  if (!options.machine.empty()) absl::StrAppend(&command, " --machine ", options.machine);
  for (const std::string& set : options.sets) absl::StrAppend(&command, " --set '", set, "'");
  for (const std::string& vary : options.varies) absl::StrAppend(&command, " --vary '", vary, "'");
  return command;
}

Progress::Style StyleFor(const CommandOptions& options) {
  if (options.quiet) return Progress::Style::kQuiet;
  return isatty(STDERR_FILENO) ? Progress::Style::kBlock : Progress::Style::kLines;
}

// Runs what is to be run, one after the other, and analyses what each has recorded.
class Runs {
 public:
  // `served` may be null.
  Runs(const CommandOptions& options, const LoadedScenario& loaded, std::string run_folder,
       ServedRun* served)
      : options_(options), loaded_(loaded), run_folder_(std::move(run_folder)), served_(served) {}

  // Every variant once, then every variant again: what drifts on the machine in the meantime is the
  // same for all.
  absl::StatusOr<proto::Report> Go() {
    REPL_ASSIGN_OR_RETURN(RunResults results,
                          RunResults::Create(run_folder_, loaded_.scenario, repeated()));
    for (uint32_t repeat = 1; repeat <= options_.repeat; ++repeat) {
      for (size_t i = 0; i < loaded_.variants.size(); ++i) {
        const std::string& name = loaded_.variants[i].name;
        absl::Status status = RunOne(i, repeat, results);
        if (status.ok()) continue;
        status = Annotate(status, repeated() ? absl::StrCat(name, ", repeat ", repeat) : name);
        if (absl::IsCancelled(status) || folder_.empty()) return status;
        broken_ = status;
        return results.EndBroken(Broken(loaded_.variants[i].scenario));
      }
    }
    return results.End();
  }
  // Why the last of the runs that are reported broke off; OK: it did not.
  const absl::Status& broken() const { return broken_; }

 private:
  bool repeated() const { return options_.repeat > 1; }

  absl::StatusOr<std::string> CreateFolder(const std::string& variant, uint32_t repeat) const {
    const bool only = loaded_.variants.size() == 1;
    return repeated() ? CreateRepeatFolder(run_folder_, variant, only, repeat)
                      : CreateVariantFolder(run_folder_, variant, only);
  }

  std::string Title(size_t index, uint32_t repeat) const {
    std::string title =
        absl::StrFormat("%s · %s (%d of %d)", loaded_.scenario.name(), loaded_.variants[index].name,
                        index + 1, loaded_.variants.size());
    if (repeated()) absl::StrAppend(&title, ", repeat ", repeat, " of ", options_.repeat);
    return title;
  }

  absl::Status RunOne(size_t index, uint32_t repeat, RunResults& results) {
    Variant variant = loaded_.variants[index];
    const proto::Scenario& scenario = variant.scenario;
    variant.scenario.set_seed(scenario.seed() + repeat - 1);
    folder_.clear();
    REPL_ASSIGN_OR_RETURN(const std::string folder, CreateFolder(variant.name, repeat));
    REPL_RETURN_IF_ERROR(WriteFileBytes(ScenarioPath(folder), ToYaml(variant)));
    folder_ = folder;
    {
      Progress progress(StyleFor(options_), Title(index, repeat), Nanos(scenario.duration().ns()));
      RunOptions run{
          variant.name,       options_.runtime,        RepeatCommand(options_, scenario.seed()),
          progress.Display(), repeated() ? repeat : 0, NotesBefore(variant)};
      REPL_RETURN_IF_ERROR(options_.runtime == "virtual"
                               ? RunVirtual(scenario, folder, std::move(run))
                               : RunLive(scenario, folder, options_.program_dir, std::move(run),
                                         SharedMachine(),
                                         served_ == nullptr ? nullptr : served_->button()));
    }
    REPL_ASSIGN_OR_RETURN(const Recording recording, ReadRecording(folder));
    return results.Add(AnalyzeRun(recording, variant.scenario));
  }

  // What the run that broke off has left; nothing: too little for a report.
  std::optional<RunAnalysis> Broken(const proto::Scenario& scenario) const {
    const absl::StatusOr<Recording> recording = ReadRecording(folder_);
    if (!recording.ok()) return std::nullopt;
    return AnalyzeRun(*recording, scenario);
  }

  // What is known before the run begins.
  std::vector<std::string> NotesBefore(const Variant& variant) const {
    std::vector<std::string> notes;
    for (const Mistake& warning : variant.warnings) notes.push_back(warning.text);
    if (options_.runtime == "live" && variant.scenario.has_machine()) {
      notes.emplace_back(
          "machine: has no effect in a live run; it configures the machine of --runtime virtual");
    }
    return notes;
  }

  const CommandOptions& options_;
  const LoadedScenario& loaded_;
  const std::string run_folder_;
  ServedRun* const served_;
  std::string folder_;  // of the run that goes on
  absl::Status broken_;
};

// Each replica is a process, with threads and a disk to share. Virtual time has room for more.
constexpr uint32_t kLiveReplicasMax = 64;

absl::Status CheckRuntime(const CommandOptions& options, const LoadedScenario& loaded) {
  if (options.runtime == "virtual") return absl::OkStatus();
  for (const Variant& variant : loaded.variants) {
    const uint32_t replicas = variant.scenario.cluster().replicas();
    if (replicas <= kLiveReplicasMax) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(options.scenario_path, ": ", replicas,
                     " replicas are too many processes for one host; expected at most ",
                     kLiveReplicasMax, ", or --runtime virtual"));
  }
  return absl::OkStatus();
}

// A run may take minutes: what it cannot write in the end is said before.
absl::Status CheckOutputs(const CommandOptions& options) {
  if (options.json != "-") REPL_RETURN_IF_ERROR(CheckCanWrite("--json", options.json));
  REPL_RETURN_IF_ERROR(CheckCanWrite("--junit", options.junit));
  return CheckCanFill("--out", options.out);
}

// Null where nothing is to be served.
absl::StatusOr<std::unique_ptr<ServedRun>> Serve(const CommandOptions& options,
                                                 const proto::Scenario& scenario) {
  if (!options.serve) {
    if (!options.interactive) return nullptr;
    return absl::InvalidArgumentError(
        "--interactive adds buttons to the served page: it needs --serve");
  }
  if (options.runtime == "virtual") {
    return absl::InvalidArgumentError(
        "--serve shows a live run; a virtual run ends before a browser could load the page");
  }
  ServedRun::Options serve;
  serve.port = kServePort;
  serve.interactive = options.interactive;
  constexpr int kHighest = 65535;
  if (!options.serve->empty() &&
      (!absl::SimpleAtoi(*options.serve, &serve.port) || serve.port < 0 || serve.port > kHighest)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--serve ", *options.serve, ": expected a port, 0 to ", kHighest,
                     ", or no value (then name the scenario before it)"));
  }
  absl::StatusOr<std::unique_ptr<ServedRun>> served = ServedRun::Open(serve, scenario);
  if (!served.ok()) return Annotate(served.status(), "--serve");
  return served;
}

// All that is set over the file: a --set comes after the machine, and so overrides a part of it.
absl::StatusOr<std::vector<std::string>> Settings(const CommandOptions& options) {
  std::vector<std::string> sets;
  if (!options.machine.empty()) {
    if (options.runtime != "virtual") {
      return absl::InvalidArgumentError(
          absl::StrCat("--machine ", options.machine,
                       ": a live run uses the real machine; expected --runtime virtual"));
    }
    REPL_ASSIGN_OR_RETURN(sets, MachineSets(options.machine));
  }
  sets.insert(sets.end(), options.sets.begin(), options.sets.end());
  if (options.seed) sets.push_back(absl::StrCat("seed=", *options.seed));
  return sets;
}

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "replsim: %s\n", std::string(status.message()).c_str());
  if (absl::IsCancelled(status)) return kExitInterrupted;
  return kExitFailed;
}

}  // namespace

int RunScenario(const CommandOptions& options) {
  absl::StatusOr<std::vector<std::string>> settings = Settings(options);
  if (!settings.ok()) {
    std::fprintf(stderr, "replsim: %s\n", std::string(settings.status().message()).c_str());
    return kExitUsage;
  }
  const std::vector<std::string>& sets = *settings;
  const std::optional<LoadedScenario> loaded =
      LoadOrTell(options.scenario_path, sets, options.varies);
  if (!loaded) return kExitUsage;
  if (const absl::Status fits = CheckOutputs(options); !fits.ok()) {
    std::fprintf(stderr, "replsim: %s\n", std::string(fits.message()).c_str());
    return kExitUsage;
  }
  if (const absl::Status fits = CheckRuntime(options, *loaded); !fits.ok()) {
    std::fprintf(stderr, "%s\n", std::string(fits.message()).c_str());
    return kExitUsage;
  }
  const proto::Scenario& scenario = loaded->scenario;
  const absl::StatusOr<std::unique_ptr<ServedRun>> served = Serve(options, scenario);
  if (!served.ok()) {
    std::fprintf(stderr, "replsim: %s\n", std::string(served.status().message()).c_str());
    return kExitUsage;
  }
  const absl::StatusOr<std::string> folder =
      CreateRunFolder(options.out, scenario.name(), TimeStamp());
  if (!folder.ok()) return Fail(folder.status());
  if (loaded->variants.size() > 1 || options.repeat > 1) {
    // Beside those of the recordings: with what varies and what is expected of whom, to report from
    // again.
    const absl::Status written = WriteFileBytes(ScenarioPath(*folder), ToYaml(*loaded));
    if (!written.ok()) return Fail(written);
  }
  if (*served != nullptr) (*served)->Show(*folder);
  Runs runs(options, *loaded, *folder, served->get());
  const absl::StatusOr<proto::Report> report = runs.Go();
  if (!report.ok()) {
    const int status = Fail(report.status());
    std::fprintf(stderr, "the recording is in %s\n", folder->c_str());
    return status;
  }
  absl::Status saved = SaveReport(*folder, *report);
  const bool broken = !runs.broken().ok();
  if (broken) saved = absl::OkStatus();  // the disk may be why: what was recorded is told below
  if (saved.ok() && !options.junit.empty())
    saved = WriteFileBytes(options.junit, JUnitXml(*report));
  if (saved.ok() && !options.json.empty()) saved = WriteReportJson(options.json, *report);
  if (!saved.ok()) return Fail(saved);
  if (options.json != "-") {
    TextOptions text;
    text.run_folder = *folder;
    text.color = isatty(STDOUT_FILENO);
    std::fputs(TextReport(*report, text).c_str(), stdout);
  }
  if (broken) {
    std::fflush(stdout);
    return Fail(runs.broken());
  }
  if (*served != nullptr) {
    std::fflush(stdout);
    (*served)->ServeUntilInterrupted(SharedMachine());
  }
  return ExitStatus(*report);
}

}  // namespace replsim
