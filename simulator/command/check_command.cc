#include "simulator/command/check_command.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/json.h"
#include "common/base/status.h"
#include "common/file/input_file.h"
#include "simulator/analysis/reads/judged_history.h"
#include "simulator/command/check_text.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/output_paths.h"
#include "simulator/command/read_commands.h"
#include "simulator/command/report_outputs.h"
#include "simulator/command/report_style.h"
#include "simulator/history/read_history.h"
#include "simulator/history/write_history.h"
#include "simulator/judge/implications.h"
#include "simulator/judge/judge.h"
#include "simulator/recording/recording.h"
#include "simulator/recording/run_folder.h"

namespace replsim {
namespace {

constexpr uint64_t kMostBytes = uint64_t{4} << 30;  // limit of one file

using Clock = std::chrono::steady_clock;

// Extends every operation by the clock error, so that two operations count as ordered only if no
// clock error could reverse them.
void AllowClockError(int64_t error_ns, history::History* history) {
  if (error_ns == 0) return;
  if (!history->has_times) {
    history->assumptions.push_back("--clock-error has no effect: the file has no times");
    return;
  }
  for (history::Operation& operation : history->operations) {
    if (operation.end != history::kNever) operation.end += error_ns;
  }
  for (history::Transaction& transaction : history->transactions) {
    if (transaction.end != history::kNever) transaction.end += error_ns;
  }
  for (history::Snapshot& snapshot : history->snapshots) snapshot.end += error_ns;
}

// The name of a file in what is printed.
std::string ShownName(const std::string& path) { return path == "-" ? "stdin" : path; }

// `path` is a file, "-" for stdin, or the folder of one recording.
absl::StatusOr<history::History> ReadOne(const std::string& path, const CheckOptions& options) {
  if (path != "-" && std::filesystem::is_directory(path)) {
    REPL_ASSIGN_OR_RETURN(const Recording recording, ReadRecording(path));
    return ToJudgedHistory(recording);
  }
  REPL_ASSIGN_OR_RETURN(const std::string text,
                        ReadInputFile(path == "-" ? "/dev/stdin" : path, kMostBytes));
  return history::ReadHistory(text, ShownName(path), options.read);
}

// Returns the file itself, or the recordings of a run folder.
absl::StatusOr<std::vector<std::string>> HistoriesOf(const std::string& path) {
  if (path == "-" || !std::filesystem::is_directory(path)) return std::vector<std::string>{path};
  return ListRecordings(path);
}

absl::StatusOr<CheckedHistory> CheckOne(const std::string& path, const CheckOptions& options,
                                        const judge::Budget& budget) {
  const auto begin = Clock::now();
  absl::StatusOr<history::History> history = ReadOne(path, options);
  if (!history.ok()) return history.status();
  AllowClockError(options.clock_error_ns, &*history);
  CheckedHistory checked;
  checked.path = ShownName(path);
  checked.verdicts = judge::Judge(*history, options.guarantees, budget, options.terms);
  const std::string contradiction =
      judge::FindContradiction(*history, checked.verdicts, options.terms);
  if (!contradiction.empty()) {
    return absl::InternalError(absl::StrCat(path, ": ", contradiction,
                                            ": a mistake of replsim; please report it with the "
                                            "file"));
  }
  checked.history = *std::move(history);
  checked.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return checked;
}

absl::Status CheckFiles(const CheckOptions& options) {
  REPL_RETURN_IF_ERROR(CheckOutputs({options.json, "", options.junit}));
  return CheckCanWrite("--html", options.html);
}

}  // namespace

int Check(const CheckOptions& options) {
  const absl::Status writable = CheckFiles(options);
  if (!writable.ok()) return UsageError(writable);
  judge::Budget budget;
  budget.memory_bytes = options.memory_bytes;
  budget.is_spent = [until =
                         Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                            std::chrono::duration<double>(options.time_limit_s))] {
    return Clock::now() >= until;
  };
  bool unreadable = false;
  std::vector<CheckedHistory> all;
  std::vector<CheckPageHistory> pages;
  Json files = Json::Array();
  auto overall = judge::Holds::kYes;
  std::vector<std::string> paths;
  for (const std::string& path : options.paths) {
    const absl::StatusOr<std::vector<std::string>> found = HistoriesOf(path);
    if (!found.ok()) return UsageError(found.status());
    paths.insert(paths.end(), found->begin(), found->end());
  }
  for (const std::string& path : paths) {
    absl::StatusOr<CheckedHistory> checked = CheckOne(path, options, budget);
    if (absl::IsInternal(checked.status())) return Failure(checked.status());
    if (!checked.ok()) {
      std::fprintf(stderr, "%s\n", std::string(checked.status().message()).c_str());
      unreadable = true;
      CheckPageHistory& page = pages.emplace_back();
      page.name = ShownName(path);
      page.error = std::string(checked.status().message());
      continue;
    }
    const judge::Holds holds = OverallOf(checked->verdicts);
    if (overall != judge::Holds::kNo && holds != judge::Holds::kYes) overall = holds;
    if (options.quiet) {
      std::printf("%s\t%s\n", checked->path.c_str(), WordOf(holds));
    } else if (options.json != "-") {
      std::fputs(WrapForStdout(TextOf(*checked)).c_str(), stdout);
    }
    files.Add(JsonOf(*checked));
    if (!options.html.empty()) pages.push_back(PageOf(*checked));
    if (!options.junit.empty()) all.push_back(*std::move(checked));
  }
  const absl::Status json = WriteFileOrStdout(options.json, files.ToText());
  if (!json.ok()) return Failure(json);
  const absl::Status junit = WriteFileOrStdout(options.junit, CheckJUnit(all));
  if (!junit.ok()) return Failure(junit);
  if (!options.html.empty()) {
    const absl::Status html = WriteFileOrStdout(options.html, CheckPage(pages));
    if (!html.ok()) return Failure(html);
  }
  if (unreadable) return kExitUsage;
  return overall == judge::Holds::kYes  ? kExitHeld
         : overall == judge::Holds::kNo ? kExitNotHeld
                                        : kExitNotJudged;
}

int Export(const ExportOptions& options) {
  const absl::StatusOr<std::string> folder =
      RecordingFolder(options.folder, options.variant, options.repeat);
  if (!folder.ok()) return UsageError(folder.status());
  const absl::StatusOr<Recording> recording = ReadRecording(*folder);
  if (!recording.ok()) return UsageError(recording.status());
  const absl::StatusOr<std::string> text =
      history::WriteHistory(ToJudgedHistory(*recording), options.format);
  if (!text.ok()) return UsageError(text.status());
  std::fwrite(text->data(), 1, text->size(), stdout);
  return kExitHeld;
}

}  // namespace replsim
