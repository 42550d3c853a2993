#include "simulator/choose/choose_page.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/escape_html.h"
#include "simulator/choose/choose_report.h"
#include "simulator/explore/shrunk_file.h"
#include "simulator/metrics/format.h"
#include "simulator/report/page/compare_plots.h"
#include "simulator/report/page/document.h"

namespace replsim {
namespace {

// The plot of one failure; empty if no mode lost a write in it.
std::string PlotOf(const ChoiceResult& result, size_t failure) {
  std::vector<TradeOffDot> dots;
  bool lost = false;
  std::string event;
  for (const ModeChoice& mode : result.modes) {
    const ChoiceCell& cell = mode.cells[failure];
    event = cell.failure->event;
    if (!mode.p99_ms || !cell.lost_most) continue;
    dots.push_back({mode.mode, *mode.p99_ms, static_cast<double>(*cell.lost_most)});
    lost |= *cell.lost_most > 0;
  }
  if (!lost) return "";
  const std::string title = absl::StrCat("Write latency against writes lost if ", event);
  const std::string plot = TradeOffPlot(dots, "write latency p99, no failure", title);
  if (plot.empty()) return "";
  return absl::StrCat("<h2>", EscapeHtml(title),
                      "</h2>\n<p class=\"hint\">x: write latency p99 while no node fails; y: "
                      "the most acknowledged writes that one run lost. The lower left corner is "
                      "best.</p>\n<figure class=\"drawing\" data-title=\"",
                      EscapeHtml(title), "\">\n", plot, "</figure>\n");
}

std::string TableHtml(const ChoiceResult& result) {
  const Table table = ChoiceTable(result);
  std::string html = "<h2 data-copy>In numbers</h2>\n<table class=\"grid\"><thead><tr><th></th>";
  for (const std::string& head : table.heads) {
    absl::StrAppend(&html, "<th scope=\"col\">", EscapeHtml(head), "</th>");
  }
  html += "</tr></thead><tbody>\n";
  for (const TableRow& row : table.rows) {
    const bool healthy = row.label[0] != ' ';
    const std::string label = EscapeHtml(row.label);
    absl::StrAppend(&html, "<tr><th scope=\"row\">",
                    healthy ? absl::StrCat("<b>", label, "</b>") : label, "</th>");
    for (const std::string& cell : row.cells) {
      absl::StrAppend(&html, "<td>", cell.empty() ? "-" : EscapeHtml(cell), "</td>");
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table>\n";
}

std::string ItemsHtml(const std::string& lines) {
  std::string html = "<ul>\n";
  for (const absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    absl::StrAppend(&html, "<li>", EscapeHtml(line), "</li>\n");
  }
  return html + "</ul>\n";
}

std::string WorstHtml(const ChoiceResult& result) {
  std::string items;
  for (const ModeChoice& mode : result.modes) {
    for (const ChoiceCell& cell : mode.cells) {
      if (!cell.worst) continue;
      absl::StrAppend(&items, "<li><b>", EscapeHtml(mode.mode), "</b>, ",
                      EscapeHtml(cell.failure->label), ": ", Thousands(*cell.lost_most), " lost; ",
                      EscapeHtml(FaultsInWords(cell.worst->scenario)), "<br>",
                      EscapeHtml(cell.because), "<br><code>",
                      EscapeHtml(WorstCommand(result, mode, cell)), "</code></li>\n");
    }
  }
  if (items.empty()) return "";
  return absl::StrCat("<h2>The runs that lost most</h2>\n<ul>\n", items, "</ul>\n");
}

std::string ViolationsHtml(const ChoiceResult& result) {
  std::string items;
  const auto add = [&items](const std::string& where, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      absl::StrAppend(&items, "<li>", EscapeHtml(absl::StrCat(where, ", ", line)), "</li>\n");
    }
  };
  for (const ModeChoice& mode : result.modes) {
    add(mode.mode, mode.violations);
    for (const ChoiceCell& cell : mode.cells) {
      add(absl::StrCat(mode.mode, ", ", cell.failure->label), cell.violations);
    }
  }
  if (items.empty()) return "";
  return absl::StrCat("<div class=\"alarm\"><h3>Violations</h3><ul>\n", items, "</ul></div>\n");
}

}  // namespace

std::string ChoosePage(const ChoiceResult& result) {
  std::string body =
      absl::StrCat("<p class=\"eyebrow\">replsim choose</p>\n<h1>Which replication mode?</h1>\n",
                   ItemsHtml(absl::StrJoin(result.question, "\n")),
                   result.findings.empty()
                       ? std::string()
                       : absl::StrCat("<div class=\"notice\"><h3>The configuration</h3>\n",
                                      ItemsHtml(absl::StrJoin(result.findings, "\n")), "</div>\n"),
                   ViolationsHtml(result));
  const size_t failures = result.modes.empty() ? 0 : result.modes[0].cells.size();
  for (size_t i = 0; i < failures; ++i) body += PlotOf(result, i);
  absl::StrAppend(&body, TableHtml(result), ItemsHtml(ChoiceLegend(result)), WorstHtml(result),
                  "<p>Repeat: <code>", EscapeHtml(result.command), "</code></p>\n");
  return Document("replsim choose", body, Charts::kNone);
}

}  // namespace replsim
