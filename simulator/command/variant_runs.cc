#include "simulator/command/variant_runs.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/status.h"
#include "simulator/command/interrupt.h"
#include "simulator/command/live_run.h"
#include "simulator/command/progress.h"
#include "simulator/command/virtual_run.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"

namespace replsim {
namespace {

std::string RepeatCommand(const CommandOptions& options, uint64_t seed) {
  std::string command = absl::StrCat(options.until_stopped ? "replsim up " : "replsim run ",
                                     options.scenario_path, " --seed ", seed);
  if (options.runtime != "live") absl::StrAppend(&command, " --runtime ", options.runtime);
  if (!options.machine.empty()) absl::StrAppend(&command, " --machine ", options.machine);
  for (const std::string& set : options.sets) absl::StrAppend(&command, " --set '", set, "'");
  for (const std::string& vary : options.varies) absl::StrAppend(&command, " --vary '", vary, "'");
  return command;
}

Progress::Style StyleFor(const CommandOptions& options) {
  if (options.quiet) return Progress::Style::kQuiet;
  return TerminalBlock::IsPossible() ? Progress::Style::kTerminal : Progress::Style::kLines;
}

Progress::Runtime RuntimeOf(const CommandOptions& options) {
  return options.runtime == "virtual" ? Progress::Runtime::kVirtual : Progress::Runtime::kLive;
}

}  // namespace

absl::StatusOr<proto::Report> VariantRuns::Go() {
  REPL_ASSIGN_OR_RETURN(RunResults results,
                        RunResults::Create(run_folder_, loaded_.scenario, repeated()));
  std::optional<InterruptGuard> guard;
  if (options_.runtime == "virtual") guard.emplace();
  for (uint32_t repeat = 1; repeat <= options_.repeat; ++repeat) {
    for (size_t i = 0; i < loaded_.variants.size(); ++i) {
      absl::Status status = RunOne(i, repeat, results);
      if (!status.ok()) return EndEarly(loaded_.variants[i], repeat, std::move(status), results);
      ++complete_;
    }
  }
  return results.End();
}

absl::StatusOr<proto::Report> VariantRuns::EndEarly(const Variant& variant, uint32_t repeat,
                                                    absl::Status why, RunResults& results) {
  const bool interrupted = absl::IsCancelled(why);
  why = Annotate(why, repeated() ? absl::StrCat(variant.name, ", repeat ", repeat) : variant.name);
  if (folder_.empty() || (interrupted && complete_ == 0)) return why;
  broken_ = std::move(why);
  return results.EndBroken(interrupted ? std::nullopt : Broken(variant.scenario));
}

absl::StatusOr<std::string> VariantRuns::CreateFolder(const std::string& variant,
                                                      uint32_t repeat) const {
  const bool only = loaded_.variants.size() == 1;
  return repeated() ? CreateRepeatFolder(run_folder_, variant, only, repeat)
                    : CreateVariantFolder(run_folder_, variant, only);
}

std::string VariantRuns::Title(size_t index, uint32_t repeat) const {
  std::string title =
      absl::StrFormat("%s · %s (%d of %d)", loaded_.scenario.name(), loaded_.variants[index].name,
                      index + 1, loaded_.variants.size());
  if (repeated()) absl::StrAppend(&title, ", repeat ", repeat, " of ", options_.repeat);
  return title;
}

RunDisplay VariantRuns::DisplayOf(size_t index, uint32_t repeat, Progress& progress) const {
  if (served_ == nullptr) return progress.Display();
  const Variant& variant = loaded_.variants[index];
  return served_->Watch(
      {variant.name, index + 1, loaded_.variants.size(), repeat, options_.repeat,
       options_.until_stopped ? Nanos(0) : Nanos(variant.scenario.duration().ns())},
      progress.Display());
}

absl::Status VariantRuns::RunOne(size_t index, uint32_t repeat, RunResults& results) {
  Variant variant = loaded_.variants[index];
  const proto::Scenario& scenario = variant.scenario;
  variant.scenario.set_seed(scenario.seed() + repeat - 1);
  folder_.clear();
  REPL_ASSIGN_OR_RETURN(const std::string folder, CreateFolder(variant.name, repeat));
  REPL_RETURN_IF_ERROR(WriteFileBytes(ScenarioPath(folder), ToYaml(variant)));
  folder_ = folder;
  {
    Progress progress(StyleFor(options_), RuntimeOf(options_), Title(index, repeat),
                      options_.until_stopped ? Nanos(0) : Nanos(scenario.duration().ns()));
    RunOptions run{variant.name,
                   options_.runtime,
                   RepeatCommand(options_, scenario.seed()),
                   DisplayOf(index, repeat, progress),
                   repeated() ? repeat : 0,
                   NotesBefore(variant),
                   options_.load,
                   options_.until_stopped};
    REPL_RETURN_IF_ERROR(options_.runtime == "virtual"
                             ? RunVirtual(scenario, folder, std::move(run))
                             : RunLive(scenario, folder, options_.program_dir, std::move(run),
                                       SharedMachine(),
                                       served_ == nullptr ? nullptr : served_->button(),
                                       served_ == nullptr ? nullptr : served_->metrics()));
  }
  REPL_ASSIGN_OR_RETURN(const Recording recording, ReadRecording(folder));
  return results.Add(AnalyzeRun(recording, variant.scenario, kReplayRecords));
}

std::optional<RunAnalysis> VariantRuns::Broken(const proto::Scenario& scenario) const {
  const absl::StatusOr<Recording> recording = ReadRecording(folder_);
  if (!recording.ok()) return std::nullopt;
  return AnalyzeRun(*recording, scenario, kReplayRecords);
}

std::vector<std::string> VariantRuns::NotesBefore(const Variant& variant) const {
  std::vector<std::string> notes;
  for (const Mistake& warning : variant.warnings) notes.push_back(warning.text);
  if (options_.runtime == "live" && variant.scenario.has_machine()) {
    notes.emplace_back("machine: has no effect on a live run; --runtime virtual simulates it");
  }
  return notes;
}

}  // namespace replsim
