#include "simulator/command/tour_command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status.h"
#include "simulator/analysis/run_report.h"
#include "simulator/analysis/verdict.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/output_paths.h"
#include "simulator/command/scenarios_command.h"
#include "simulator/command/virtual_run.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/report/report_file.h"
#include "simulator/scenario/scenario.h"
#include "simulator/tour/tour_text.h"

namespace replsim {
namespace {

constexpr size_t kTourWidth = 80;

// The scenario file of a lesson, with the lesson's claims in place of its expectations, which are
// the last part of every shipped file.
absl::StatusOr<LoadedScenario> LoadLesson(const Lesson& lesson, const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/", lesson.scenario, ".yaml");
  REPL_ASSIGN_OR_RETURN(std::string text, ReadFileBytes(path));
  text.resize(std::min(text.find("\nexpect:"), text.size()));
  absl::StrAppend(&text, "\nexpect:\n");
  for (const std::string& claim : lesson.claims) absl::StrAppend(&text, "  - ", claim, "\n");
  return LoadScenarioText(text, path, {}, {});
}

// Runs the scenario of a lesson in virtual time.
absl::StatusOr<proto::Report> RunLesson(const Lesson& lesson, const std::string& folder) {
  REPL_ASSIGN_OR_RETURN(const LoadedScenario loaded, LoadLesson(lesson, folder));
  std::vector<proto::RunReport> runs;
  for (const Variant& variant : loaded.variants) {
    REPL_ASSIGN_OR_RETURN(Recording recording, RunVirtualInMemory(variant.scenario));
    recording.scenario_yaml = ToYaml(variant);
    recording.manifest.set_variant(variant.name);
    runs.push_back(AnalyzeRun(recording, variant.scenario).report);
  }
  return BuildReport(loaded.scenario.name(), loaded.scenario.question(), "", runs,
                     loaded.scenario.expect());
}

// Waits for Enter. False at the end of the input, or if the reader typed q.
bool GoOn(const char* prompt) {
  std::printf("\n%s", prompt);
  std::fflush(stdout);
  std::string line;
  return std::getline(std::cin, line) && line != "q";
}

// Shows one lesson. `asks`: there is a reader who makes a prediction first.
absl::StatusOr<bool> ShowLesson(int number, const std::string& folder, bool asks) {
  std::fputs(PredictText(number, folder, kTourWidth).c_str(), stdout);
  if (asks && !GoOn("Enter runs it, q stops: ")) return true;
  std::puts("");
  REPL_ASSIGN_OR_RETURN(const proto::Report report,
                        RunLesson(Lessons()[static_cast<size_t>(number) - 1], folder));
  REPL_ASSIGN_OR_RETURN(const std::string result, ResultText(number, report, kTourWidth));
  std::fputs(result.c_str(), stdout);
  return report.verdict() == proto::Report::HELD;
}

absl::StatusOr<std::string> AllAsMarkdown(const std::string& folder) {
  std::vector<proto::Report> reports;
  for (const Lesson& lesson : Lessons()) {
    REPL_ASSIGN_OR_RETURN(proto::Report report, RunLesson(lesson, folder));
    if (report.verdict() != proto::Report::HELD) {
      return absl::InternalError(absl::StrCat("a claim of '", lesson.title, "' does not hold: ",
                                              absl::StrJoin(report.verdict_reasons(), "; ")));
    }
    reports.push_back(std::move(report));
  }
  return TourMarkdown(reports);
}

int ShowAll(const std::string& folder) {
  std::fputs(TourContents(kTourWidth).c_str(), stdout);
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
    std::puts("\nreplsim tour N shows lesson N.");
    return kExitHeld;
  }
  bool held = true;
  const int count = static_cast<int>(Lessons().size());
  for (int number = 1; number <= count; ++number) {
    if (!GoOn(number == 1 ? "Enter begins, q stops: " : "Enter goes on, q stops: ")) break;
    std::puts("");
    const absl::StatusOr<bool> one = ShowLesson(number, folder, /*asks=*/true);
    if (!one.ok()) return Failure(one.status());
    held = held && *one;
  }
  return held ? kExitHeld : kExitNotHeld;
}

}  // namespace

int Tour(const TourOptions& options) {
  const int count = static_cast<int>(Lessons().size());
  if (options.lesson > count) {
    return UsageError(absl::InvalidArgumentError(
        absl::StrCat("there is no lesson ", options.lesson, "; the tour has ", count)));
  }
  const absl::StatusOr<std::string> folder = FindScenarios(options.folder);
  if (!folder.ok()) return UsageError(folder.status());
  if (!options.markdown.empty()) {
    const absl::StatusOr<std::string> text = AllAsMarkdown(*folder);
    if (!text.ok()) return Failure(text.status());
    const absl::Status written = WriteFileOrStdout(options.markdown, *text);
    return written.ok() ? kExitHeld : Failure(written);
  }
  if (options.lesson == 0) return ShowAll(*folder);
  const absl::StatusOr<bool> held =
      ShowLesson(options.lesson, *folder, isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
  if (!held.ok()) return Failure(held.status());
  return *held ? kExitHeld : kExitNotHeld;
}

}  // namespace replsim
