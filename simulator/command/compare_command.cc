#include "simulator/command/compare_command.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status.h"
#include "simulator/analysis/compare/threshold.h"
#include "simulator/analysis/verdict.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/report_outputs.h"
#include "simulator/command/report_style.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/report/compare.h"
#include "simulator/report/junit.h"
#include "simulator/report/markdown.h"
#include "simulator/report/page/compare_page.h"
#include "simulator/report/report_file.h"

namespace replsim {
namespace {

absl::StatusOr<std::vector<proto::Report>> LoadReports(const std::vector<std::string>& folders) {
  std::vector<proto::Report> reports;
  for (const std::string& folder : folders) {
    REPL_ASSIGN_OR_RETURN(proto::Report report, LoadReport(folder));
    if (report.runs().empty()) {
      return absl::InvalidArgumentError(absl::StrCat(folder, ": the report has no runs"));
    }
    reports.push_back(std::move(report));
  }
  return reports;
}

std::string PageOf(const std::vector<proto::Report>& reports, const std::vector<RunGroup>& groups,
                   size_t base) {
  ComparePageInput input;
  const bool one_scenario = std::all_of(reports.begin(), reports.end(), [&](const auto& report) {
    return report.scenario() == reports.front().scenario();
  });
  input.title = one_scenario ? reports.front().scenario() : "several scenarios";
  if (one_scenario) input.question = reports.front().question();
  input.groups = groups;
  input.base = base;
  return ComparePage(input);
}

absl::StatusOr<std::string> SideBySide(const CompareOptions& options) {
  REPL_ASSIGN_OR_RETURN(const std::vector<proto::Report> reports, LoadReports(options.folders));
  const std::vector<RunGroup> groups = GroupsOf(reports, options.folders);
  if (groups.size() < 2) {
    return absl::InvalidArgumentError(absl::StrCat(
        options.folders[0], " has one variant; expected several, or a second run folder"));
  }
  REPL_ASSIGN_OR_RETURN(const size_t base, FindBase(groups, options.base));
  if (!options.html.empty()) {
    REPL_RETURN_IF_ERROR(WriteFileBytes(options.html, PageOf(reports, groups, base)));
  }
  REPL_RETURN_IF_ERROR(WriteFileOrStdout(options.markdown, MarkdownComparison(groups, base)));
  return options.markdown == "-" ? "" : CompareText(groups, base, StyleOfStdout());
}

absl::StatusOr<std::vector<Threshold>> ReadThresholds(const std::vector<std::string>& texts) {
  std::vector<Threshold> thresholds;
  std::vector<std::string> mistakes;
  for (const std::string& text : texts) {
    absl::StatusOr<Threshold> threshold = ParseThreshold(text);
    if (threshold.ok()) {
      thresholds.push_back(*std::move(threshold));
    } else {
      mistakes.emplace_back(threshold.status().message());
    }
  }
  if (mistakes.empty()) return thresholds;
  return absl::InvalidArgumentError(absl::StrCat("--threshold\n", absl::StrJoin(mistakes, "\n")));
}

// Returns the report of the new run with the thresholds as its expectations.
absl::StatusOr<proto::Report> HoldAgainst(const CompareOptions& options) {
  REPL_ASSIGN_OR_RETURN(const std::vector<Threshold> thresholds,
                        ReadThresholds(options.thresholds));
  if (options.folders.size() != 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("--threshold compares two runs, BASE and NEW; read ", options.folders.size()));
  }
  if (!options.base.empty()) {
    return absl::InvalidArgumentError(
        "--base has no effect with --threshold: the base is the first run");
  }
  REPL_ASSIGN_OR_RETURN(std::vector<proto::Report> reports, LoadReports(options.folders));
  proto::Report& next = reports[1];
  next.clear_expectations();
  for (proto::ExpectationResult& result : JudgeThresholds(thresholds, reports[0], next)) {
    *next.add_expectations() = std::move(result);
  }
  SetVerdict(next);
  return std::move(next);
}

}  // namespace

int Compare(const CompareOptions& options) {
  if (!options.html.empty() && !options.thresholds.empty()) {
    return UsageError(absl::InvalidArgumentError("--html cannot be combined with --threshold"));
  }
  if (options.thresholds.empty()) {
    if (!options.junit.empty()) {
      return UsageError(
          absl::InvalidArgumentError("--junit needs --threshold: without it there is no verdict"));
    }
    const absl::StatusOr<std::string> text = SideBySide(options);
    if (!text.ok()) return UsageError(text.status());
    std::fputs(text->c_str(), stdout);
    return kExitHeld;
  }
  const absl::StatusOr<proto::Report> judged = HoldAgainst(options);
  if (!judged.ok()) return UsageError(judged.status());
  absl::Status saved = WriteFileOrStdout(options.markdown, MarkdownVerdicts(*judged));
  if (saved.ok() && !options.junit.empty())
    saved = WriteFileBytes(options.junit, JUnitXml(*judged));
  if (!saved.ok()) return UsageError(saved);
  if (options.markdown != "-") {
    std::fputs(absl::StrCat(ViolationsText(*judged, StyleOfStdout()),
                            ExpectationsText(*judged, StyleOfStdout()))
                   .c_str(),
               stdout);
  }
  return ExitStatus(*judged);
}

}  // namespace replsim
