#include "simulator/command/run_command.h"

#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/analysis/verdict.h"
#include "simulator/cluster/systems/system_kinds.h"
#include "simulator/command/clean_command.h"
#include "simulator/command/cluster_choice.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/fault_words.h"
#include "simulator/command/live_run.h"
#include "simulator/command/load_or_report.h"
#include "simulator/command/machine_file.h"
#include "simulator/command/output_paths.h"
#include "simulator/command/served_run.h"
#include "simulator/command/up_command.h"
#include "simulator/command/variant_runs.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"
#include "simulator/report/report_file.h"
#include "simulator/report/text_report.h"
#include "simulator/scenario/scenario.h"

namespace replsim {
namespace {

std::string TimeStamp() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%d_%H-%M-%S", &local);
  return text;
}

// Each replica is a process that shares the machine's processors and disk. Virtual time allows more
// replicas.
constexpr uint32_t kLiveReplicasMax = 64;

// Virtual time simulates our own nodes only.
absl::Status CheckIsSimulated(const CommandOptions& options, const LoadedScenario& loaded) {
  for (const Variant& variant : loaded.variants) {
    const SystemKind* const system = FindSystem(variant.scenario.cluster().system());
    if (system == nullptr) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        options.scenario_path, ": --runtime virtual cannot run the servers of system: ",
        system->cluster.name, "; expected --runtime live, or --set cluster.system=replsim"));
  }
  return absl::OkStatus();
}

// Looked for before any variant runs: those on our own nodes may take minutes.
absl::Status CheckServers(const CommandOptions& options, const proto::Scenario& scenario) {
  const std::unique_ptr<ForeignSystem> servers =
      NewForeignSystem(scenario.cluster().system(), scenario);
  if (servers == nullptr) return absl::OkStatus();
  return Annotate(servers->Prepare().status(),
                  absl::StrCat(options.scenario_path, ": cluster.system: ", servers->name()));
}

absl::Status CheckRuntime(const CommandOptions& options, const LoadedScenario& loaded) {
  if (options.runtime == "virtual") return CheckIsSimulated(options, loaded);
  for (const Variant& variant : loaded.variants) {
    if (options.until_stopped && FindSystem(variant.scenario.cluster().system()) != nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(options.scenario_path,
                       ": `replsim up` serves clients of our own nodes only; expected "
                       "--set cluster.system=replsim"));
    }
    REPL_RETURN_IF_ERROR(CheckServers(options, variant.scenario));
    const uint32_t replicas = variant.scenario.cluster().replicas();
    if (replicas <= kLiveReplicasMax) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(options.scenario_path, ": ", replicas,
                     " replicas are too many processes for one machine; expected at most ",
                     kLiveReplicasMax, ", or --runtime virtual"));
  }
  return absl::OkStatus();
}

// Checked before the run, which may take minutes.
absl::Status CheckCanWriteAll(const CommandOptions& options) {
  REPL_RETURN_IF_ERROR(CheckOutputs(options.outputs));
  return CheckCanFill("--out", options.out);
}

// Returns null if no page is served.
absl::StatusOr<std::unique_ptr<ServedRun>> Serve(const CommandOptions& options,
                                                 const proto::Scenario& scenario) {
  if (!options.serve) {
    if (!options.interactive) return nullptr;
    return absl::InvalidArgumentError("--interactive needs --serve: it adds buttons to the page");
  }
  if (options.runtime == "virtual") {
    return absl::InvalidArgumentError(
        "--serve cannot show a run in virtual time, which ends at once; expected --runtime live");
  }
  ServedRun::Options serve;
  serve.port = kServePort;
  serve.interactive = options.interactive;
  if (options.until_stopped) {
    serve.read_fault = [scenario](const std::string& words) {
      return FaultFromWords(words, scenario);
    };
  }
  constexpr int kHighest = 65535;
  if (!options.serve->empty() &&
      (!absl::SimpleAtoi(*options.serve, &serve.port) || serve.port < 0 || serve.port > kHighest)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--serve ", *options.serve, ": expected a port, 0 to ", kHighest,
                     "; for the default port, put the scenario before --serve"));
  }
  absl::StatusOr<std::unique_ptr<ServedRun>> served = ServedRun::Open(serve, scenario);
  if (!served.ok()) return Annotate(served.status(), "--serve");
  return served;
}

// Returns all overrides of the file. Flags of --set come after the machine, so they override its
// parts.
absl::StatusOr<std::vector<std::string>> Settings(const CommandOptions& options) {
  std::vector<std::string> sets;
  if (!options.machine.empty()) {
    if (options.runtime != "virtual") {
      return absl::InvalidArgumentError(
          absl::StrCat("--machine ", options.machine,
                       ": has no effect on a live run; expected --runtime virtual"));
    }
    REPL_ASSIGN_OR_RETURN(sets, MachineSets(options.machine));
  }
  sets.insert(sets.end(), options.sets.begin(), options.sets.end());
  if (options.seed) sets.push_back(absl::StrCat("seed=", *options.seed));
  return sets;
}

// The address of the page of a cluster that stays, in a file of the run folder while it is served.
class UpFiles {
 public:
  UpFiles(const CommandOptions& options, const std::string& folder, const ServedRun* served) {
    if (!options.until_stopped || served == nullptr) return;
    url_ = UrlPath(folder);
    WriteFileBytes(url_, served->url() + "\n").IgnoreError();
  }
  ~UpFiles() {
    if (!url_.empty()) unlink(url_.c_str());
  }
  UpFiles(const UpFiles&) = delete;
  UpFiles& operator=(const UpFiles&) = delete;

 private:
  std::string url_;
};

// Printed after the table of the complete runs.
int FailAfterReport(const absl::Status& broken, const std::string& folder) {
  std::fflush(stdout);
  const int status = Failure(broken);
  if (absl::IsCancelled(broken)) {
    std::fprintf(stderr, "the table has the runs that were complete; all recordings are in %s\n",
                 folder.c_str());
  }
  return status;
}

}  // namespace

int RunScenario(const CommandOptions& options) {
  absl::StatusOr<std::vector<std::string>> settings = Settings(options);
  if (!settings.ok()) return UsageError(settings.status());
  const std::vector<std::string>& sets = *settings;
  std::optional<LoadedScenario> loaded =
      options.scenario_text.empty()
          ? LoadOrReport(options.scenario_path, sets, options.varies)
          : LoadTextOrReport(options.scenario_text, options.scenario_path, sets, options.varies);
  if (!loaded) return kExitUsage;
  if (options.until_stopped) {
    if (const absl::Status one = PrepareToStay(*loaded); !one.ok()) return UsageError(one);
  }
  if (const absl::Status fits = CheckCanWriteAll(options); !fits.ok()) return UsageError(fits);
  if (const absl::Status fits = CheckRuntime(options, *loaded); !fits.ok()) {
    std::fprintf(stderr, "%s\n", std::string(fits.message()).c_str());
    return kExitUsage;
  }
  const proto::Scenario& scenario = loaded->scenario;
  const absl::StatusOr<std::unique_ptr<ServedRun>> served = Serve(options, scenario);
  if (!served.ok()) return UsageError(served.status());
  const absl::StatusOr<std::string> folder =
      CreateRunFolder(options.out, scenario.name(), TimeStamp());
  if (!folder.ok()) return Failure(folder.status());
  if (loaded->variants.size() > 1 || options.repeat > 1) {
    // The scenario next to the recordings, with `vary` and all expectations, so that the report can
    // be rebuilt.
    const absl::Status written = WriteFileBytes(ScenarioPath(*folder), ToYaml(*loaded));
    if (!written.ok()) return Failure(written);
  }
  if (*served != nullptr) (*served)->Show(*folder);
  const UpFiles files(options, *folder, served->get());
  VariantRuns runs(options, *loaded, *folder, served->get());
  const absl::StatusOr<proto::Report> report = runs.Go();
  if (!report.ok()) {
    const int status = Failure(report.status());
    std::fprintf(stderr, "the recording is in %s\n", folder->c_str());
    return status;
  }
  absl::Status saved = SaveReport(*folder, *report);
  const bool broken = !runs.broken().ok();
  // A full disk may be the reason; the recorded part is reported below
  if (broken) saved = absl::OkStatus();
  if (saved.ok()) saved = WriteOutputs(options.outputs, *report);
  if (!saved.ok()) return Failure(saved);
  if (!options.outputs.OnStdout()) {
    std::fputs(TextReport(*report, StyleOfStdout(*folder)).c_str(), stdout);
  }
  if (broken) return FailAfterReport(runs.broken(), *folder);
  if (*served != nullptr && !options.until_stopped) {
    std::fflush(stdout);
    (*served)->ServeUntilInterrupted(SharedMachine());
  }
  if (!options.quiet) ReportRunFolderSize(options.out);
  return ExitStatus(*report);
}

}  // namespace replsim
