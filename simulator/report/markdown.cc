#include "simulator/report/markdown.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "simulator/analysis/compare/compare_runs.h"
#include "simulator/analysis/verdict.h"
#include "simulator/report/compare.h"
#include "simulator/report/text_report.h"

namespace replsim {
namespace {

// Escapes text for one line of Markdown; in a table a `|` would end the cell.
std::string Escaped(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '<') {
      escaped += "&lt;";
      continue;
    }
    if (absl::string_view("\\|*`~[]").find(c) != absl::string_view::npos) escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

// Removes the padding that aligns a cell on a terminal.
std::string CellOf(std::string text) {
  absl::RemoveExtraAsciiWhitespace(&text);
  return Escaped(text);
}

std::string Paragraph(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  return text.empty() ? "" : absl::StrCat(Escaped(text), "\n\n");
}

// The command that repeats the run, in a code block, where nothing is escaped.
std::string Repeat(const proto::Report& report) {
  if (report.runs().empty() || report.runs(0).command().empty()) return "";
  return absl::StrCat("\n```\n", report.runs(0).command(), "\n```\n");
}

}  // namespace

std::string MarkdownTable(const Table& table) {
  const bool remarks = std::any_of(table.rows.begin(), table.rows.end(),
                                   [](const TableRow& row) { return !row.remark.empty(); });
  std::string text = "| |";
  std::string line = "|:--|";
  for (const std::string& head : table.heads) {
    absl::StrAppend(&text, " ", CellOf(head), " |");
    line += "--:|";
  }
  absl::StrAppend(&text, remarks ? " |\n" : "\n", line, remarks ? ":--|\n" : "\n");
  for (const TableRow& row : table.rows) {
    const std::string label = CellOf(row.label);
    absl::StrAppend(&text, "| ", row.cells.empty() ? absl::StrCat("**", label, "**") : label, " |");
    for (size_t c = 0; c < table.heads.size(); ++c) {
      if (row.cells.empty()) {
        text += " |";
      } else {
        absl::StrAppend(&text, " ", row.cells[c].empty() ? "-" : CellOf(row.cells[c]), " |");
      }
    }
    if (remarks) absl::StrAppend(&text, " ", CellOf(row.remark), row.remark.empty() ? "|" : " |");
    text += '\n';
  }
  return text;
}

std::string MarkdownList(absl::string_view lines) {
  std::string text;
  for (const absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipWhitespace())) {
    absl::StrAppend(&text, "- ", CellOf(std::string(line)), "\n");
  }
  return text;
}

std::string MarkdownReport(const proto::Report& report) {
  std::string heading = HeadingText(report);
  std::string text = absl::StrCat("### ", Paragraph(heading), Paragraph(report.question()));
  if (DecideVerdict(report) == proto::Report::HELD) text += Paragraph(report.answer());
  if (!report.runs().empty()) {
    absl::StrAppend(&text, MarkdownTable(ReportTable(report)), "\n",
                    Paragraph(RepeatsText(report)));
  }
  absl::StrAppend(&text, MarkdownList(FindingsText(report)), MarkdownList(ExpectationsText(report)),
                  Repeat(report));
  return text;
}

std::string MarkdownComparison(const std::vector<RunGroup>& groups, size_t base) {
  const ComparisonParts parts = PartsOf(groups, base);
  std::string text =
      parts.settings.rows.empty()
          ? "All settings are the same.\n\n"
          : absl::StrCat("### Settings that differ\n\n", MarkdownTable(parts.settings), "\n");
  absl::StrAppend(&text, "### Metrics\n\n", MarkdownTable(parts.numbers), "\n",
                  Paragraph(parts.legend), MarkdownList(parts.findings));
  return text;
}

std::string MarkdownVerdicts(const proto::Report& judged) {
  return absl::StrCat(MarkdownList(ViolationsText(judged)), MarkdownList(ExpectationsText(judged)));
}

}  // namespace replsim
