#include "simulator/command/explore_command.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/status.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/explored_page.h"
#include "simulator/command/interrupt.h"
#include "simulator/command/load_or_report.h"
#include "simulator/command/output_paths.h"
#include "simulator/command/report_outputs.h"
#include "simulator/command/run_command.h"
#include "simulator/command/terminal_block.h"
#include "simulator/command/virtual_run.h"
#include "simulator/command/virtual_trial.h"
#include "simulator/explore/every_io.h"
#include "simulator/explore/explore_outputs.h"
#include "simulator/explore/explore_report.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"
#include "simulator/scenario/scenario.h"

namespace replsim {
namespace {

std::string AgainCommand(const ExploreCommandOptions& options) {
  std::string command = absl::StrCat("replsim explore ", options.scenario_path);
  for (const std::string& set : options.sets) absl::StrAppend(&command, " --set '", set, "'");
  for (const std::string& vary : options.varies) absl::StrAppend(&command, " --vary '", vary, "'");
  if (options.draw.knobs) absl::StrAppend(&command, " --draw-knobs");
  if (options.draw.storm) absl::StrAppend(&command, " --storm");
  if (options.draw.every_io) absl::StrAppend(&command, " --every-io");
  for (const std::string& kind : options.fail_on) absl::StrAppend(&command, " --fail-on ", kind);
  return command;
}

constexpr uint64_t kSeeds = 1000;

// Returns the number of crashes of the largest variant.
absl::StatusOr<uint64_t> CountIo(const LoadedScenario& loaded) {
  uint64_t most = 0;
  for (const Variant& variant : loaded.variants) {
    proto::Scenario calm = variant.scenario;
    calm.clear_faults();
    REPL_ASSIGN_OR_RETURN(const Recording recording, RunVirtualInMemory(calm));
    const std::vector<LogEntry>* log = recording.FinalLog();
    most = std::max(most, CrashesOf(calm, log == nullptr ? 0 : log->size()));
  }
  return most;
}

// Redraws one line, if stderr is a terminal.
ExploreProgress ProgressOn(const Variant& variant, const ExploreCommandOptions& options) {
  if (options.quiet || !TerminalBlock::IsPossible()) return [](uint64_t, uint64_t) {};
  return [title = variant.name, seeds = options.seeds,
          terminal = std::make_shared<TerminalBlock>()](uint64_t done, uint64_t failed) {
    terminal->Show({absl::StrCat(title, ": ", done, " of ", seeds, " seeds, ", failed, " failed")});
    if (done == seeds) terminal->Clear();
  };
}

absl::Status Save(const ExploreHeading& heading, const std::vector<Exploration>& explorations) {
  for (const Exploration& exploration : explorations) {
    for (const Finding& finding : exploration.findings) {
      if (!finding.shrunk.has_value()) continue;
      std::error_code error;
      std::filesystem::create_directories(heading.folder, error);
      if (error) return absl::UnavailableError(absl::StrCat(heading.folder, ": ", error.message()));
      const ShrunkFile file = FileOf(heading, exploration, finding, explorations.size() == 1);
      REPL_RETURN_IF_ERROR(WriteFileBytes(file.path, file.yaml));
    }
  }
  return absl::OkStatus();
}

absl::Status WriteResults(const ExploreCommandOptions& options, const ExploreHeading& heading,
                          const std::vector<Exploration>& explorations) {
  REPL_RETURN_IF_ERROR(Save(heading, explorations));
  REPL_RETURN_IF_ERROR(
      WriteFileOrStdout(options.json, ExploreJson(heading, explorations).ToText()));
  REPL_RETURN_IF_ERROR(WriteFileOrStdout(options.junit, ExploreJUnit(heading, explorations)));
  if (options.html.empty()) return absl::OkStatus();
  return WriteFileBytes(options.html, ExplorePage(ExploredPage(heading, explorations)));
}

}  // namespace

int ExploreScenario(const ExploreCommandOptions& given) {
  ExploreCommandOptions options = given;
  const std::optional<LoadedScenario> loaded =
      LoadOrReport(options.scenario_path, options.sets, options.varies);
  if (!loaded) return kExitUsage;
  if (options.seeds == 0) {
    const absl::StatusOr<uint64_t> seeds = options.draw.every_io ? CountIo(*loaded) : kSeeds;
    if (!seeds.ok()) {
      return Failure(seeds.status());
    }
    options.seeds = *seeds;
  }
  if (const absl::Status fits = CheckCanFill("--out", options.out); !fits.ok()) {
    return UsageError(fits);
  }
  // Checked before the search, which may take hours.
  for (const absl::Status& writable :
       {CheckOutputs({options.json, "", options.junit}), CheckCanWrite("--html", options.html)}) {
    if (!writable.ok()) return UsageError(writable);
  }
  ExploreHeading heading;
  heading.scenario = loaded->scenario.name();
  heading.again = AgainCommand(options);
  heading.folder = absl::StrCat(options.out, "/", FileSafeName(heading.scenario), "/explore");
  heading.first_seed = options.first_seed;
  heading.seeds = options.seeds;
  heading.draw = options.draw;
  heading.question = loaded->scenario.question();

  Workers workers(JudgedTrial(), options.jobs, std::chrono::seconds(options.trial_seconds));
  ExploreOptions explore;
  explore.first_seed = options.first_seed;
  explore.seeds = options.seeds;
  explore.draw = options.draw;
  explore.fail_on = options.fail_on;
  explore.stops = [] { return InterruptGuard::Raised(); };
  const InterruptGuard guard;
  std::vector<Exploration> explorations;
  for (const Variant& variant : loaded->variants) {
    explorations.push_back(Explore(variant, explore, workers, ProgressOn(variant, options)));
    if (InterruptGuard::Raised()) break;
  }
  if (options.json != "-") {
    std::fputs(ExploreText(heading, loaded->variants, explorations).c_str(), stdout);
  }
  if (const absl::Status written = WriteResults(options, heading, explorations); !written.ok()) {
    return Failure(written);
  }
  if (!InterruptGuard::Raised()) return ExploreStatus(explorations);
  const Exploration& last = explorations.back();
  std::fprintf(stderr, "interrupted after %llu of %llu seeds of %s; the rest was not run\n",
               static_cast<unsigned long long>(last.seeds),
               static_cast<unsigned long long>(options.seeds), last.variant.c_str());
  return kExitInterrupted;
}

}  // namespace replsim
