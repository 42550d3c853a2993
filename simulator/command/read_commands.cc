#include "simulator/command/read_commands.h"

#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status.h"
#include "simulator/analysis/expectations.h"
#include "simulator/command/run_command.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"
#include "simulator/report/compare.h"
#include "simulator/report/explain.h"
#include "simulator/report/lag_csv.h"
#include "simulator/report/page/report_page.h"
#include "simulator/report/report_file.h"
#include "simulator/report/text_report.h"
#include "simulator/scenario/scenario.h"

namespace replsim {
namespace {

// A folder that is missing or damaged is the caller's mistake, not ours.
int Complain(const absl::Status& status) {
  std::fprintf(stderr, "replsim: %s\n", std::string(status.message()).c_str());
  return kExitUsage;
}

TextOptions Options(const std::string& folder) {
  TextOptions options;
  options.color = isatty(STDOUT_FILENO);
  options.run_folder = folder;
  return options;
}

absl::StatusOr<proto::Report> Rebuild(const std::string& folder,
                                      std::vector<RunAnalysis>* analyses) {
  REPL_ASSIGN_OR_RETURN(const std::vector<std::string> recordings, ListRecordings(folder));
  // Of several variants the scenario lies above them, of one beside its recording.
  REPL_ASSIGN_OR_RETURN(const std::string yaml, ReadFileBytes(ScenarioPath(folder)));
  REPL_ASSIGN_OR_RETURN(const LoadedScenario loaded,
                        LoadScenarioText(yaml, ScenarioPath(folder), {}, {}));
  const proto::Scenario& scenario = loaded.scenario;
  for (const std::string& path : recordings) {
    REPL_ASSIGN_OR_RETURN(const Recording recording, ReadRecording(path));
    analyses->push_back(AnalyzeRun(recording));
  }
  return BuildReport(scenario.name(), scenario.question(), scenario.answer(), *analyses,
                     scenario.expect());
}

absl::StatusOr<std::string> FolderOf(const std::string& folder, const std::string& variant) {
  REPL_ASSIGN_OR_RETURN(const std::vector<std::string> recordings, ListRecordings(folder));
  if (variant.empty() && recordings.size() == 1) return recordings.front();
  std::vector<std::string> names;
  for (const std::string& path : recordings) {
    REPL_ASSIGN_OR_RETURN(const proto::Manifest manifest, ReadManifest(path));
    if (manifest.variant() == variant) return path;
    names.push_back(manifest.variant());
  }
  return absl::InvalidArgumentError(
      absl::StrCat(folder, " holds the runs of several variants: say which with --variant (",
                   absl::StrJoin(names, ", "), ")"));
}

absl::StatusOr<std::string> ExplainIn(const std::string& path, const std::string& which) {
  REPL_ASSIGN_OR_RETURN(const Recording recording, ReadRecording(path));
  return ExplainWrite(recording, which);
}

// `lost` without a variant: the first variant, in the order of the runs, that lost any.
absl::StatusOr<std::string> ExplainFirstLost(const std::string& folder) {
  REPL_ASSIGN_OR_RETURN(const std::vector<std::string> recordings, ListRecordings(folder));
  absl::StatusOr<std::string> text =
      absl::NotFoundError(absl::StrCat(folder, ": no write was lost"));
  for (const std::string& path : recordings) {
    text = ExplainIn(path, "lost");
    if (!absl::IsNotFound(text.status())) return text;
  }
  return text;
}

}  // namespace

absl::Status WriteReportJson(const std::string& path, const proto::Report& report) {
  const std::string json = ReportJson(report);
  if (path != "-") return WriteFileBytes(path, json);
  std::fwrite(json.data(), 1, json.size(), stdout);
  return absl::OkStatus();
}

int Compare(const std::vector<std::string>& folders) {
  const absl::StatusOr<std::string> text = CompareFolders(folders, Options(""));
  if (!text.ok()) return Complain(text.status());
  std::fputs(text->c_str(), stdout);
  return kExitHeld;
}

int ReportAgain(const std::string& folder, const std::string& json) {
  std::vector<RunAnalysis> analyses;
  const absl::StatusOr<proto::Report> report = Rebuild(folder, &analyses);
  if (!report.ok()) return Complain(report.status());
  absl::Status saved = SaveReport(folder, *report);
  if (saved.ok()) saved = SaveLagCsv(folder, analyses);
  if (saved.ok()) saved = SavePages(*report, analyses);
  if (saved.ok() && !json.empty()) saved = WriteReportJson(json, *report);
  if (!saved.ok()) return Complain(saved);
  if (json != "-") std::fputs(TextReport(*report, Options(folder)).c_str(), stdout);
  return ExitStatus(report->expectations());
}

int Explain(const std::string& folder, const std::string& variant, const std::string& which) {
  absl::StatusOr<std::string> text;
  if (variant.empty() && which == "lost") {
    text = ExplainFirstLost(folder);
  } else if (const absl::StatusOr<std::string> path = FolderOf(folder, variant); path.ok()) {
    text = ExplainIn(*path, which);
  } else {
    text = path.status();
  }
  if (!text.ok()) return Complain(text.status());
  std::fputs(text->c_str(), stdout);
  return kExitHeld;
}

}  // namespace replsim
