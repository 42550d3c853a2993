#include "simulator/report/guarantees.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/analysis/reads/guarantee_order.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

using Summary = proto::ConsistencySummary;
using GuaranteeVerdict = proto::GuaranteeVerdict;

// The merged verdicts of the runs of one variant.
struct GroupGuarantees {
  std::string strongest_held;
  std::string first_failed;
  uint64_t judged = 0;                      // runs in which first_failed, or anything, was judged
  uint64_t failed = 0;                      // runs in which first_failed failed
  const proto::RunReport* shown = nullptr;  // the first failed run, else the first judged run
};

const Summary& SummaryOf(const proto::RunReport& run) { return run.consistency().summary(); }

const GuaranteeVerdict* FindVerdict(const proto::RunReport& run, absl::string_view name) {
  for (const GuaranteeVerdict& verdict : SummaryOf(run).verdicts()) {
    if (verdict.name() == name) return &verdict;
  }
  return nullptr;
}

GroupGuarantees Merge(const RunGroup& group) {
  GroupGuarantees merged;
  for (const Guarantee& guarantee : GuaranteesByStrength()) {
    uint64_t judged = 0;
    uint64_t failed = 0;
    const proto::RunReport* first = nullptr;
    for (const proto::RunReport* run : group.runs) {
      const GuaranteeVerdict* verdict = FindVerdict(*run, guarantee.name);
      if (verdict == nullptr) continue;
      ++judged;
      if (merged.shown == nullptr) merged.shown = run;
      if (verdict->holds()) continue;
      ++failed;
      if (first == nullptr) first = run;
    }
    if (judged > 0 && failed == 0 && merged.strongest_held.empty()) {
      merged.strongest_held = guarantee.name;
    }
    if (failed > 0 && merged.first_failed.empty()) {
      merged.first_failed = guarantee.name;
      merged.judged = judged;
      merged.failed = failed;
      merged.shown = first;
    }
  }
  return merged;
}

// The strongest guarantee that is promised to readers. Empty if it is unknown or not the same in
// all repeats.
std::string PromisedCell(const RunGroup& group) {
  std::string cell;
  for (const proto::RunReport* run : group.runs) {
    const auto& promises = run->promise().to_readers();
    if (promises.empty()) return "";
    const auto strongest = std::find_if(promises.begin(), promises.end(),
                                        [](const auto& promise) { return promise.promised(); });
    std::string text = strongest == promises.end() ? "none" : LabelOfGuarantee(strongest->name());
    if (!cell.empty() && cell != text) return "";
    cell = std::move(text);
  }
  return cell;
}

// "617 of 1,164"; with repeats "3 of 20 runs".
std::string ViolationsCell(const RunGroup& group, const GroupGuarantees& merged) {
  if (merged.first_failed.empty()) return "0";
  if (group.repeated()) return absl::StrCat(merged.failed, " of ", merged.judged, " runs");
  const GuaranteeVerdict& verdict = *FindVerdict(*merged.shown, merged.first_failed);
  return absl::StrCat(verdict.at_least() ? "at least " : "", Thousands(verdict.violations()),
                      " of ", Thousands(verdict.checked()));
}

GuaranteesLine LineOf(const RunGroup& group) {
  GuaranteesLine line;
  line.names = {group.name};
  const GroupGuarantees merged = Merge(group);
  if (merged.shown == nullptr) {
    line.text = SummaryOf(*group.runs.front()).text();
    return line;
  }
  line.text = SummaryOf(*merged.shown).text();
  if (merged.first_failed.empty()) return line;
  if (group.repeated()) {
    absl::StrAppend(&line.text, " (in ", merged.failed, " of ", merged.judged,
                    " runs; this is repeat ", merged.shown->repeat(), ")");
  }
  line.failed = merged.shown;
  line.guarantee = merged.first_failed;
  line.rate = FindVerdict(*merged.shown, merged.first_failed)->rate();
  return line;
}

}  // namespace

std::vector<TableRow> GuaranteeRows(const std::vector<RunGroup>& columns) {
  TableRow held{"strongest guarantee that held", {}, ""};
  TableRow promised{"strongest promised to readers", {}, ""};
  TableRow failed{"first that did not hold", {}, ""};
  TableRow violations{"violations of it", {}, ""};
  bool any = false;
  bool any_promised = false;
  bool any_failed = false;
  for (const RunGroup& column : columns) {
    const GroupGuarantees merged = Merge(column);
    if (merged.shown == nullptr) {
      for (TableRow* row : {&held, &promised, &failed, &violations}) row->cells.emplace_back();
      continue;
    }
    any = true;
    any_failed |= !merged.first_failed.empty();
    held.cells.push_back(merged.strongest_held.empty() ? "none"
                                                       : LabelOfGuarantee(merged.strongest_held));
    promised.cells.push_back(PromisedCell(column));
    any_promised |= !promised.cells.back().empty();
    failed.cells.push_back(merged.first_failed.empty() ? "none"
                                                       : LabelOfGuarantee(merged.first_failed));
    violations.cells.push_back(ViolationsCell(column, merged));
  }
  if (!any) return {};
  std::vector<TableRow> rows = {std::move(held)};
  if (any_promised) rows.push_back(std::move(promised));
  if (!any_failed) return rows;
  rows.push_back(std::move(failed));
  rows.push_back(std::move(violations));
  return rows;
}

std::vector<GuaranteesLine> GuaranteesLines(const std::vector<RunGroup>& groups) {
  std::vector<GuaranteesLine> lines;
  for (const RunGroup& group : groups) {
    GuaranteesLine line = LineOf(group);
    if (line.text.empty()) continue;  // the report's version has no summary
    const auto same = std::find_if(lines.begin(), lines.end(), [&](const GuaranteesLine& other) {
      return other.text == line.text && other.failed == nullptr && line.failed == nullptr;
    });
    if (same != lines.end()) {
      same->names.push_back(group.name);
    } else {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

std::string GuaranteesText(const proto::Report& report) {
  const std::vector<GuaranteesLine> lines = GuaranteesLines(GroupByVariant(report.runs()));
  const GuaranteesLine* told = nullptr;
  for (const GuaranteesLine& line : lines) {
    if (line.failed == nullptr || line.guarantee != "linearizable") continue;
    if (told == nullptr || line.rate < told->rate) told = &line;
  }
  std::string text;
  for (const GuaranteesLine& line : lines) {
    // A single line covers all variants.
    const std::string names = lines.size() == 1 && line.names.size() > 1
                                  ? "every variant"
                                  : absl::StrJoin(line.names, ", ");
    absl::StrAppend(&text, "consistency", names.empty() ? "" : absl::StrCat(" (", names, ")"), ": ",
                    line.text, "\n");
    if (line.failed == nullptr) continue;
    const std::string& witness = FindVerdict(*line.failed, line.guarantee)->witness();
    if (!witness.empty()) absl::StrAppend(&text, "  ", witness, "\n");
    if (&line != told) continue;
    for (const std::string& because : line.failed->consistency().linearizable().because()) {
      absl::StrAppend(&text, "    ", because, "\n");
    }
  }
  return text;
}

}  // namespace replsim
