#include "simulator/command/read_commands.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status.h"
#include "common/base/suggest.h"
#include "simulator/analysis/promised.h"
#include "simulator/analysis/run_report.h"
#include "simulator/analysis/verdict.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/report_style.h"
#include "simulator/command/run_results.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"
#include "simulator/report/explain.h"
#include "simulator/report/report_file.h"
#include "simulator/report/text_report.h"
#include "simulator/scenario/scenario.h"

namespace replsim {
namespace {

// Lists the recordings of a run in the order in which they ran. Start times alone do not give it:
// in virtual time every run begins at the same instant.
absl::StatusOr<std::vector<std::string>> RecordingsInOrder(const std::string& folder,
                                                           const LoadedScenario& loaded) {
  REPL_ASSIGN_OR_RETURN(std::vector<std::string> recordings, ListRecordings(folder));
  std::vector<std::tuple<uint32_t, size_t, std::string>> order;
  for (std::string& path : recordings) {
    REPL_ASSIGN_OR_RETURN(const proto::Manifest manifest, ReadManifest(path));
    size_t variant = 0;
    while (variant < loaded.variants.size() &&
           loaded.variants[variant].name != manifest.variant()) {
      ++variant;
    }
    order.emplace_back(manifest.repeat(), variant, std::move(path));
  }
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
  });
  recordings.clear();
  for (auto& [repeat, variant, path] : order) recordings.push_back(std::move(path));
  return recordings;
}

// Returns the scenario of one recording; null if it is missing or unreadable.
std::unique_ptr<const proto::Scenario> ScenarioOf(const Recording& recording) {
  const absl::StatusOr<LoadedScenario> loaded =
      LoadScenarioText(recording.scenario_yaml, ScenarioPath(recording.folder), {}, {});
  if (!loaded.ok() || loaded->variants.size() != 1) return nullptr;
  return std::make_unique<const proto::Scenario>(loaded->variants.front().scenario);
}

RunAnalysis AnalyzeAgain(const Recording& recording) {
  const std::unique_ptr<const proto::Scenario> scenario = ScenarioOf(recording);
  return scenario == nullptr ? AnalyzeRun(recording, kReplayRecords)
                             : AnalyzeRun(recording, *scenario, kReplayRecords);
}

// Rebuilds the report, lag.csv and the pages from the contents of the folder.
absl::StatusOr<proto::Report> Rebuild(const std::string& folder) {
  // With several recordings the scenario is in the folder above them; with one recording it is next
  // to it.
  REPL_RETURN_IF_ERROR(ListRecordings(folder).status());
  REPL_ASSIGN_OR_RETURN(const std::string yaml, ReadFileBytes(ScenarioPath(folder)));
  REPL_ASSIGN_OR_RETURN(const LoadedScenario loaded,
                        LoadScenarioText(yaml, ScenarioPath(folder), {}, {}));
  REPL_ASSIGN_OR_RETURN(const std::vector<std::string> recordings,
                        RecordingsInOrder(folder, loaded));
  REPL_ASSIGN_OR_RETURN(const proto::Manifest first, ReadManifest(recordings.front()));
  // If `folder` is a single repetition, the report covers only that run.
  const bool repeated = first.repeat() > 0 && recordings.front() != folder;
  REPL_ASSIGN_OR_RETURN(RunResults results, RunResults::Create(folder, loaded.scenario, repeated));
  for (const std::string& path : recordings) {
    REPL_ASSIGN_OR_RETURN(const Recording recording, ReadRecording(path));
    REPL_RETURN_IF_ERROR(results.Add(AnalyzeAgain(recording)));
  }
  return results.End();
}

absl::StatusOr<std::string> ExplainIn(const std::string& path, const std::string& which) {
  REPL_ASSIGN_OR_RETURN(const Recording recording, ReadRecording(path));
  const std::unique_ptr<const proto::Scenario> scenario = ScenarioOf(recording);
  proto::RunReport held;
  if (scenario != nullptr) CheckPromise(*scenario, recording, held);
  return ExplainWrite(recording, which, held.promise());
}

// Explains `lost` without a variant: the first recording, in the order of the runs, that lost a
// write. For a repeated run the text names the variant and the repetition.
absl::StatusOr<std::string> ExplainFirstLost(const std::string& folder, uint32_t repeat) {
  REPL_ASSIGN_OR_RETURN(const std::vector<std::string> recordings, ListRecordings(folder));
  absl::StatusOr<std::string> text =
      absl::NotFoundError(absl::StrCat(folder, ": no write was lost"));
  for (const std::string& path : recordings) {
    REPL_ASSIGN_OR_RETURN(const proto::Manifest manifest, ReadManifest(path));
    if (repeat != 0 && manifest.repeat() != repeat) continue;
    text = ExplainIn(path, "lost");
    if (absl::IsNotFound(text.status())) continue;
    if (!text.ok() || manifest.repeat() == 0) return text;
    return absl::StrCat(manifest.variant(), ", repeat ", manifest.repeat(), "\n", *text);
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> RecordingFolder(const std::string& folder, const std::string& variant,
                                            uint32_t repeat) {
  REPL_ASSIGN_OR_RETURN(const std::vector<std::string> recordings, ListRecordings(folder));
  std::vector<std::string> names;
  uint32_t repeats = 0;
  for (const std::string& path : recordings) {
    REPL_ASSIGN_OR_RETURN(const proto::Manifest manifest, ReadManifest(path));
    if (std::find(names.begin(), names.end(), manifest.variant()) == names.end()) {
      names.push_back(manifest.variant());
    }
    repeats = std::max(repeats, manifest.repeat());
  }
  const bool known = std::find(names.begin(), names.end(), variant) != names.end();
  if (!known && !(variant.empty() && names.size() == 1)) {
    return absl::InvalidArgumentError(
        variant.empty()
            ? absl::StrCat(folder, " has several variants; choose one with --variant (",
                           absl::StrJoin(names, ", "), ")")
            : absl::StrCat(folder, " has no variant '", variant, "'", Suggest(variant, names)));
  }
  const std::string& wanted = known ? variant : names.front();
  for (const std::string& path : recordings) {
    REPL_ASSIGN_OR_RETURN(const proto::Manifest manifest, ReadManifest(path));
    if (manifest.variant() != wanted) continue;
    if (repeat == 0 || manifest.repeat() == repeat) return path;
  }
  return absl::InvalidArgumentError(repeats == 0
                                        ? absl::StrCat(folder, " was not repeated; omit --repeat")
                                        : absl::StrCat(folder, " has no repeat ", repeat, " of ",
                                                       wanted, "; expected 1 to ", repeats));
}

int ReportAgain(const std::string& folder, const ReportOutputs& outputs) {
  if (const absl::Status writable = CheckOutputs(outputs); !writable.ok()) {
    return UsageError(writable);
  }
  const absl::StatusOr<proto::Report> report = Rebuild(folder);
  // A missing or corrupt folder is an input error, not an internal one.
  if (!report.ok()) return UsageError(report.status());
  absl::Status saved = SaveReport(folder, *report);
  if (saved.ok()) saved = WriteOutputs(outputs, *report);
  if (!saved.ok()) return UsageError(saved);
  if (!outputs.OnStdout()) std::fputs(TextReport(*report, StyleOfStdout(folder)).c_str(), stdout);
  return ExitStatus(*report);
}

int Explain(const ExplainOptions& options) {
  absl::StatusOr<std::string> text;
  if (options.variant.empty() && options.which == "lost") {
    text = ExplainFirstLost(options.folder, options.repeat);
  } else if (const absl::StatusOr<std::string> path =
                 RecordingFolder(options.folder, options.variant, options.repeat);
             path.ok()) {
    text = ExplainIn(*path, options.which);
  } else {
    text = path.status();
  }
  if (!text.ok()) return UsageError(text.status());
  std::fputs(text->c_str(), stdout);
  return kExitHeld;
}

}  // namespace replsim
