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
#include "simulator/metrics/format.h"
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

// "3 × 6 s"
std::string Extent(const proto::Report& report) {
  const double seconds = report.runs_size() > 0 ? report.runs(0).load_seconds() : 0;
  if (seconds <= 0) return "";
  const std::string length = absl::StrCat(std::round(seconds * 100) / 100, " s");
  return report.runs_size() > 1 ? absl::StrCat(report.runs_size(), " × ", length) : length;
}

std::string Heading(const proto::Report& report) {
  std::vector<std::string> parts{report.scenario()};
  if (report.runs_size() > 0) {
    parts.push_back(report.runs(0).runtime());
    parts.push_back(absl::StrCat("seed ", report.runs(0).seed()));
    parts.push_back(Extent(report));
  }
  std::erase(parts, "");
  return absl::StrCat(absl::StrJoin(parts, " · "), "\n");
}

std::string Wide(const std::string& variant) { return variant.empty() ? "this run" : variant; }

std::string Findings(const proto::Report& report, const TextOptions& options) {
  std::string text;
  for (const proto::RunReport& run : report.runs()) {
    if (!run.writes().has_first_lost()) continue;
    absl::StrAppend(&text, "first lost write (", Wide(run.variant()),
                    "): ", run.writes().first_lost().explanation(), "\n");
  }
  for (const proto::RunReport& run : report.runs()) {
    for (const std::string& breach : run.breaches()) {
      absl::StrAppend(&text, Paint("BREACH", "31;1", options), "  ", Wide(run.variant()), ": ",
                      breach, "\n");
    }
  }
  // A note that all variants share is said once.
  std::set<std::string> said;
  for (const proto::RunReport& run : report.runs()) {
    for (const std::string& note : run.notes()) {
      if (said.insert(note).second)
        absl::StrAppend(&text, "note  ", Wide(run.variant()), ": ", note, "\n");
    }
  }
  return text;
}

// Conditions that are the same but for the variant, and that came out the same, on one line.
struct Group {
  Verdict verdict = Verdict::kHeld;
  std::string condition;
  std::vector<std::string> variants;
  std::vector<std::string> measured;
};

std::vector<Group> GroupResults(const proto::Report& report) {
  std::vector<Group> groups;
  for (const proto::ExpectationResult& result : report.expectations()) {
    absl::string_view condition = result.text();
    if (!result.variant().empty())
      absl::ConsumePrefix(&condition, absl::StrCat(result.variant(), ": "));
    const Verdict verdict = VerdictOf(result);
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      return group.verdict == verdict && group.condition == condition;
    });
    Group& group = same != groups.end()
                       ? *same
                       : groups.emplace_back(Group{verdict, std::string(condition), {}, {}});
    if (!result.variant().empty()) group.variants.push_back(result.variant());
    group.measured.push_back(result.measured());
  }
  return groups;
}

std::string Expectations(const proto::Report& report, const TextOptions& options) {
  std::string text;
  for (const Group& group : GroupResults(report)) {
    const std::string verdict = group.verdict == Verdict::kHeld ? Paint("held", "32", options)
                                : group.verdict == Verdict::kNotHeld
                                    ? Paint("NOT HELD", "31;1", options)
                                    : Paint("not judged", "33", options);
    const bool alike = std::adjacent_find(group.measured.begin(), group.measured.end(),
                                          std::not_equal_to<>()) == group.measured.end();
    const bool everywhere =
        report.runs_size() > 1 && group.variants.size() == static_cast<size_t>(report.runs_size());
    const std::string where = everywhere ? "every variant" : absl::StrJoin(group.variants, ", ");
    absl::StrAppend(&text, verdict, "  ", where, where.empty() ? "" : ": ", group.condition, " (",
                    alike ? group.measured.front() : absl::StrJoin(group.measured, " / "), ")\n");
  }
  return text;
}

std::string LastLine(const proto::Report& report, const TextOptions& options) {
  if (options.run_folder.empty()) return "";
  std::string line = absl::StrCat("report ", options.run_folder, "/report.json");
  const bool lost = std::any_of(report.runs().begin(), report.runs().end(),
                                [](const auto& run) { return run.writes().has_first_lost(); });
  if (lost) absl::StrAppend(&line, " · replsim explain ", options.run_folder, " lost");
  // In virtual time the command is the run: it comes out the same again, byte for byte.
  const bool repeats = report.runs_size() > 0 && report.runs(0).runtime() == "virtual" &&
                       !report.runs(0).command().empty();
  if (repeats) absl::StrAppend(&line, "\nrepeat ", report.runs(0).command());
  return line + "\n";
}

}  // namespace

std::string TextReport(const proto::Report& report, const TextOptions& options) {
  std::vector<const proto::RunReport*> runs;
  Table table;
  for (const proto::RunReport& run : report.runs()) {
    runs.push_back(&run);
    table.heads.push_back(run.variant());
  }
  table.rows = ReportRows(runs);
  std::string text = Paint(Heading(report), "1", options);
  if (!report.question().empty()) absl::StrAppend(&text, report.question(), "\n");
  const bool as_expected = std::all_of(report.expectations().begin(), report.expectations().end(),
                                       [](const auto& result) { return result.held(); });
  if (!report.answer().empty() && as_expected) absl::StrAppend(&text, report.answer(), "\n");
  if (!runs.empty()) absl::StrAppend(&text, "\n", LayOut(table, options.width));
  for (const std::string& part :
       {absl::StrCat(Findings(report, options), Expectations(report, options)),
        LastLine(report, options)}) {
    if (part.empty()) continue;
    if (!absl::StartsWith(part, "report ")) text += '\n';
    text += part;
  }
  return text;
}

}  // namespace replsim
