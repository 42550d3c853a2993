#include "simulator/report/page/compare_page.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/escape_html.h"
#include "simulator/analysis/verdict.h"
#include "simulator/report/difference_text.h"
#include "simulator/report/guarantees.h"
#include "simulator/report/page/compare_plots.h"
#include "simulator/report/page/document.h"
#include "simulator/report/page/verdicts.h"

namespace replsim {
namespace {

struct FindingWords {
  const char* kind;
  const char* sign;
};

FindingWords WordsOf(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::kBetter:
      return {"held", "▲"};
    case DifferenceKind::kWorse:
      return {"failed", "▼"};
    case DifferenceKind::kDifferent:
      return {"unjudged", "◆"};
    case DifferenceKind::kWithinNoise:
    case DifferenceKind::kTooFewRuns:
    case DifferenceKind::kNotComparable:
      break;
  }
  return {"", ""};
}

std::string Names(const RunComparison& comparison) {
  std::string html = "<thead><tr><th></th>";
  for (const std::string& name : comparison.names) {
    absl::StrAppend(&html, "<th scope=\"col\">", EscapeHtml(name), "</th>");
  }
  return html + "</tr></thead>\n";
}

std::string NamesWithLinks(const ComparePageInput& input, const RunComparison& comparison) {
  std::string html = "<thead><tr><th></th>";
  for (size_t i = 0; i < comparison.names.size(); ++i) {
    absl::StrAppend(&html, "<th scope=\"col\">", EscapeHtml(comparison.names[i]),
                    i == comparison.base ? " <small>(base)</small>" : "");
    const std::vector<std::string>& links =
        i < input.links.size() ? input.links[i] : std::vector<std::string>();
    for (size_t run = 0; run < links.size(); ++run) {
      if (links[run].empty()) continue;
      absl::StrAppend(&html, " <a href=\"", EscapeHtml(links[run]), "\">",
                      links.size() == 1 ? std::string("page") : absl::StrCat(run + 1), "</a>");
    }
    absl::StrAppend(&html, "</th>");
  }
  return html + "</tr></thead>\n";
}

// `run`: the run's name, shown before the value on narrow screens, which have no room for columns.
std::string Cell(const ComparedMetric& compared, size_t group, bool base, const std::string& run) {
  const Metric& metric = compared.headline.metric;
  const std::string value = MeasuredText(metric.unit, compared.values[group]);
  std::string html = absl::StrCat("<td data-run=\"", EscapeHtml(run), "\"><span class=\"value\">",
                                  value.empty() ? "-" : EscapeHtml(value), "</span>");
  if (!base) {
    const Difference& difference = compared.differences[group];
    const FindingWords words = WordsOf(difference.kind);
    const std::string text =
        absl::StrCat(DifferenceText(metric.unit, difference), DifferenceMark(difference));
    if (!text.empty()) {
      absl::StrAppend(
          &html, "<br><span class=\"difference ", words.kind, "\">",
          *words.sign == '\0' ? "" : absl::StrCat("<b aria-hidden=\"true\">", words.sign, "</b> "),
          EscapeHtml(text), "</span>");
    }
  }
  return html + "</td>";
}

std::string Numbers(const ComparePageInput& input, const RunComparison& comparison) {
  std::string html = absl::StrCat("<h2 data-copy>In numbers</h2>\n<p class=\"hint\">",
                                  EscapeHtml(ComparisonLegend(comparison, input.groups)),
                                  "</p>\n<table class=\"grid compare\">",
                                  NamesWithLinks(input, comparison), "<tbody>\n");
  for (const ComparedMetric& compared : comparison.metrics) {
    if (!compared.headline.always && !compared.IsKnownAndNotZero()) continue;
    const Metric& metric = compared.headline.metric;
    absl::StrAppend(&html, "<tr data-metric=\"", EscapeHtml(metric.name), "\" title=\"",
                    EscapeHtml(metric.meaning), "\"><th scope=\"row\">", EscapeHtml(metric.label),
                    "</th>");
    for (size_t i = 0; i < comparison.names.size(); ++i) {
      absl::StrAppend(&html, Cell(compared, i, i == comparison.base, comparison.names[i]));
    }
    absl::StrAppend(&html, "</tr>\n");
  }
  return html + "</tbody></table>\n";
}

std::string Settings(const RunComparison& comparison) {
  if (comparison.settings.empty()) return "";
  std::string html =
      absl::StrCat("<h2 data-copy>Settings that differ</h2>\n<table class=\"grid compare\">",
                   Names(comparison), "<tbody>\n");
  for (const ComparedSetting& setting : comparison.settings) {
    absl::StrAppend(&html, "<tr><th scope=\"row\"><code>", EscapeHtml(setting.path),
                    "</code></th>");
    for (size_t i = 0; i < setting.values.size(); ++i) {
      const std::string& value = setting.values[i];
      absl::StrAppend(&html, "<td data-run=\"", EscapeHtml(comparison.names[i]),
                      "\"><span class=\"value\">", value.empty() ? "-" : EscapeHtml(value),
                      "</span></td>");
    }
    absl::StrAppend(&html, "</tr>\n");
  }
  return html + "</tbody></table>\n";
}

std::vector<std::string> Violations(const ComparePageInput& input) {
  std::vector<std::string> lines;
  for (const RunGroup& group : input.groups) {
    for (const proto::RunReport* run : group.runs) {
      for (const std::string& breach : run->breaches()) {
        lines.push_back(absl::StrCat(NameOfRun(*run), ": ", breach));
      }
    }
  }
  return lines;
}

std::string Guarantees(const ComparePageInput& input) {
  std::string html = "<h2>Consistency</h2>\n<ul class=\"guarantees\">\n";
  const std::vector<GuaranteesLine> lines = GuaranteesLines(input.groups);
  for (const GuaranteesLine& line : lines) {
    absl::StrAppend(&html, "<li>", EscapeHtml(absl::StrJoin(line.names, ", ")), ": ",
                    GuaranteesHtml(line.text), "</li>\n");
  }
  return lines.empty() ? "" : absl::StrCat(html, "</ul>\n");
}

std::string Figure(const std::string& title, const std::string& hint, const std::string& svgs) {
  return absl::StrCat("<h2>", title, "</h2>\n<p class=\"hint\">", hint,
                      "</p>\n<figure class=\"drawing\" data-title=\"", title, "\">\n", svgs,
                      "</figure>\n");
}

std::string Plots(const ComparePageInput& input, const RunComparison& comparison) {
  const std::string cdfs = LagCdfs(input.groups);
  std::string html;
  if (!cdfs.empty()) {
    html = Figure("Lag distribution",
                  "x: apply lag of the replica with the highest p99; y: share of the load during "
                  "which the lag was at most x. Values below the axis are drawn at its edge.",
                  cdfs);
  }
  struct Risk {
    const char* metric;
    const char* event;
    const char* where;
  };
  for (const Risk& risk :
       {Risk{"unreplicated_entries_max", "the primary is lost", "on no replica"},
        Risk{"exposed_entries_max", "the primary loses power", "not flushed on the primary"}}) {
    const std::string plot = TradeOff(comparison, risk.metric);
    if (plot.empty()) continue;
    absl::StrAppend(&html,
                    Figure(absl::StrCat("Write latency against writes at risk if ", risk.event),
                           absl::StrCat("x: write latency; y: acknowledged writes ", risk.where,
                                        ", at the worst moment. The lower left corner is best."),
                           plot));
  }
  return html;
}

}  // namespace

std::string ComparePage(const ComparePageInput& input) {
  const RunComparison comparison = CompareRuns(input.groups, input.base);
  std::string body =
      absl::StrCat("<p class=\"eyebrow\">", EscapeHtml(input.title), " · ", input.groups.size(),
                   " side by side</p>\n<h1>",
                   EscapeHtml(input.question.empty() ? input.title : input.question), "</h1>\n");
  absl::StrAppend(&body, VerdictsHtml(input.answer, input.expectations, Violations(input)),
                  Guarantees(input), Numbers(input, comparison), Plots(input, comparison),
                  Settings(comparison));
  return Document(absl::StrCat(input.title, " · compared"), body, Charts::kNone);
}

}  // namespace replsim
