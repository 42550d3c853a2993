#include "simulator/report/text_report.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/terminal_text.h"
#include "simulator/analysis/compare/repeats.h"
#include "simulator/analysis/verdict.h"
#include "simulator/report/absent_text.h"
#include "simulator/report/guarantees.h"
#include "simulator/report/rows.h"
#include "simulator/report/table.h"

namespace replsim {
namespace {

enum class Verdict { kHeld, kNotHeld, kNotJudged };

Verdict VerdictOf(const proto::ExpectationResult& result) {
  if (!result.has_held()) return Verdict::kNotJudged;
  return result.held() ? Verdict::kHeld : Verdict::kNotHeld;
}

std::string Paint(const std::string& text, const char* code, const TextOptions& options) {
  return options.color ? absl::StrCat("\033[", code, "m", text, "\033[0m") : text;
}

size_t MostRepeats(const std::vector<RunGroup>& groups) {
  size_t most = 0;
  for (const RunGroup& group : groups) most = std::max(most, group.runs.size());
  return most;
}

// "3 × 6 s", "3 × 20 × 6 s"
std::string Extent(const proto::Report& report, const std::vector<RunGroup>& groups) {
  const double seconds = report.runs(0).load_seconds();
  if (seconds <= 0) return "";
  std::string extent;
  for (const size_t times : {groups.size(), MostRepeats(groups)}) {
    if (times > 1) absl::StrAppend(&extent, times, " × ");
  }
  return absl::StrCat(extent, std::round(seconds * 100) / 100, " s");
}

// "seed 42", "seeds 42 to 61"
std::string Seeds(const RunGroup& group) {
  if (!group.repeated()) return absl::StrCat("seed ", group.runs[0]->seed());
  return absl::StrCat("seeds ", group.runs.front()->seed(), " to ", group.runs.back()->seed());
}

// The first lost write of each variant, from the first of its runs that lost one.
std::string FirstLost(const proto::Report& report) {
  std::string text;
  for (const RunGroup& group : GroupByVariant(report.runs())) {
    const auto lost = std::find_if(group.runs.begin(), group.runs.end(),
                                   [](const auto* run) { return run->writes().has_first_lost(); });
    if (lost == group.runs.end()) continue;
    absl::StrAppend(&text, "first lost write (", NameOfRun(**lost),
                    "): ", (*lost)->writes().first_lost().explanation(), "\n");
  }
  return text;
}

// Conditions that differ only in the variant and have the same verdict, shown on one line.
struct SameResults {
  Verdict verdict = Verdict::kHeld;
  std::string condition;
  std::vector<std::string> variants;
  std::vector<std::string> measured;
};

std::vector<SameResults> GroupResults(const proto::Report& report) {
  std::vector<SameResults> groups;
  for (const proto::ExpectationResult& result : report.expectations()) {
    absl::string_view condition = result.text();
    if (!result.variant().empty())
      absl::ConsumePrefix(&condition, absl::StrCat(result.variant(), ": "));
    const Verdict verdict = VerdictOf(result);
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const SameResults& group) {
      return group.verdict == verdict && group.condition == condition;
    });
    SameResults& group =
        same != groups.end()
            ? *same
            : groups.emplace_back(SameResults{verdict, std::string(condition), {}, {}});
    if (!result.variant().empty()) group.variants.push_back(result.variant());
    group.measured.push_back(result.measured());
  }
  return groups;
}

std::string LastLine(const proto::Report& report, const TextOptions& options) {
  if (options.run_folder.empty()) return "";
  std::string line = absl::StrCat("report ", options.run_folder, "/",
                                  report.runs_size() > 1 ? "compare" : "report", ".html");
  const bool lost = std::any_of(report.runs().begin(), report.runs().end(),
                                [](const auto& run) { return run.writes().has_first_lost(); });
  if (lost) absl::StrAppend(&line, " · replsim explain ", options.run_folder, " lost");
  // In virtual time the command reproduces the run byte for byte.
  const bool repeats = report.runs_size() > 0 && report.runs(0).runtime() == "virtual" &&
                       !report.runs(0).command().empty();
  if (repeats) {
    const size_t times = MostRepeats(GroupByVariant(report.runs()));
    absl::StrAppend(&line, "\nrepeat ", report.runs(0).command(),
                    times > 1 ? absl::StrCat(" --repeat ", times) : "");
  }
  return line + "\n";
}

}  // namespace

std::string HeadingText(const proto::Report& report) {
  std::vector<std::string> parts{report.scenario()};
  const std::vector<RunGroup> groups = GroupByVariant(report.runs());
  if (!groups.empty()) {
    parts.push_back(report.runs(0).runtime());
    parts.push_back(Seeds(groups[0]));
    parts.push_back(Extent(report, groups));
  }
  std::erase(parts, "");
  return absl::StrCat(absl::StrJoin(parts, " · "), "\n");
}

Table ReportTable(const proto::Report& report) {
  const std::vector<RunGroup> groups = GroupByVariant(report.runs());
  Table table;
  if (groups.empty()) return table;
  for (const RunGroup& group : groups) table.heads.push_back(group.name);
  table.rows = ReportRows(groups);
  std::vector<TableRow> shown = ShownLagRows(report, groups);
  if (!shown.empty()) table.rows.push_back(HeadingRow("Lag metrics of other systems"));
  for (TableRow& row : shown) {
    row.label = "  " + row.label;
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string RepeatsText(const proto::Report& report) {
  const size_t repeats = MostRepeats(GroupByVariant(report.runs()));
  if (repeats < 2) return "";
  if (repeats < kLeastForInterval) {
    return absl::StrCat("medians of ", repeats, " runs; an interval needs ", kLeastForInterval,
                        "\n");
  }
  return absl::StrCat("medians of ", repeats, " runs [their 95 % interval]\n");
}

// A note that several runs share is shown once, with all of them.
std::string NotesText(const proto::Report& report) {
  std::vector<std::pair<std::string, std::set<std::string>>> notes;
  const auto add = [&notes](const std::string& note, const std::string& run) {
    auto known = std::find_if(notes.begin(), notes.end(),
                              [&note](const auto& one) { return one.first == note; });
    if (known == notes.end()) known = notes.insert(notes.end(), {note, {}});
    known->second.insert(run);
  };
  std::set<std::string> all;
  for (const proto::RunReport& run : report.runs()) {
    all.insert(NameOfRun(run));
    for (const std::string& note : run.notes()) add(note, NameOfRun(run));
    for (const proto::RunReport::Absent& absent : run.absent()) {
      add(AbsentText(absent), NameOfRun(run));
    }
  }
  std::string text;
  for (const auto& [note, runs] : notes) {
    const bool everywhere = all.size() > 1 && runs == all;
    absl::StrAppend(&text, "note  ", everywhere ? "every variant" : absl::StrJoin(runs, ", "), ": ",
                    note, "\n");
  }
  return text;
}

std::string FindingsText(const proto::Report& report, const TextOptions& options) {
  std::string text =
      absl::StrCat(GuaranteesText(report), FirstLost(report), ViolationsText(report, options));
  return absl::StrCat(text, NotesText(report));
}

std::string ViolationsText(const proto::Report& report, const TextOptions& options) {
  std::string text;
  for (const Violation& violation : ViolationsIn(report)) {
    absl::StrAppend(&text, Paint("VIOLATION", "31;1", options), "  ", NameOfRun(*violation.run),
                    ": ", violation.what, "\n");
  }
  return text;
}

std::string ExpectationsText(const proto::Report& report, const TextOptions& options) {
  const size_t variants = GroupByVariant(report.runs()).size();
  std::string text;
  for (const SameResults& group : GroupResults(report)) {
    const std::string verdict = group.verdict == Verdict::kHeld ? Paint("held", "32", options)
                                : group.verdict == Verdict::kNotHeld
                                    ? Paint("NOT HELD", "31;1", options)
                                    : Paint("not judged", "33", options);
    const bool alike = std::adjacent_find(group.measured.begin(), group.measured.end(),
                                          std::not_equal_to<>()) == group.measured.end();
    const bool everywhere = variants > 1 && group.variants.size() == variants;
    const std::string where = everywhere ? "every variant" : absl::StrJoin(group.variants, ", ");
    absl::StrAppend(&text, verdict, "  ", where, where.empty() ? "" : ": ", group.condition, " (",
                    alike ? group.measured.front() : absl::StrJoin(group.measured, " / "), ")\n");
  }
  return text;
}

std::string TextReport(const proto::Report& report, const TextOptions& options) {
  std::string text = Paint(HeadingText(report), "1", options);
  if (!report.question().empty()) absl::StrAppend(&text, report.question(), "\n");
  if (!report.answer().empty() && DecideVerdict(report) == proto::Report::HELD)
    absl::StrAppend(&text, report.answer(), "\n");
  if (options.wrap) text = WrapLines(text, options.width);
  if (!report.runs().empty()) {
    absl::StrAppend(&text, "\n", LayOut(ReportTable(report), options.width), RepeatsText(report));
  }
  std::string findings =
      absl::StrCat(FindingsText(report, options), ExpectationsText(report, options));
  if (options.wrap) findings = WrapLines(findings, options.width);
  if (!findings.empty()) absl::StrAppend(&text, "\n", findings);
  // Not wrapped: it has paths and commands to copy.
  text += LastLine(report, options);
  return text;
}

}  // namespace replsim
