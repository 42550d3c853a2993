#include "simulator/report/page/compare_page.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/escape_html.h"
#include "simulator/analysis/verdict.h"
#include "simulator/report/difference_text.h"
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

std::string Names(const ComparePageInput& input, const RunComparison& comparison) {
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

std::string Cell(const ComparedMetric& compared, size_t group, bool base) {
  const Metric& metric = compared.headline.metric;
  const std::string value = MeasuredText(metric.unit, compared.values[group]);
  std::string html = absl::StrCat("<td>", value.empty() ? "-" : EscapeHtml(value));
  if (!base) {
    const Difference& difference = compared.differences[group];
    const FindingWords words = WordsOf(difference.kind);
    const std::string text =
        absl::StrCat(DifferenceText(metric.unit, difference), DifferenceMark(difference.kind));
    if (!text.empty()) {
      absl::StrAppend(&html, "<br><span class=\"difference ", words.kind, "\">",
                      *words.sign == '\0' ? "" : absl::StrCat("<b>", words.sign, "</b> "),
                      EscapeHtml(text), "</span>");
    }
  }
  return html + "</td>";
}

std::string Numbers(const ComparePageInput& input, const RunComparison& comparison) {
  std::string html =
      absl::StrCat("<h2>In numbers</h2>\n<p class=\"hint\">",
                   EscapeHtml(ComparisonLegend(comparison, input.groups)),
                   "</p>\n<table class=\"grid compare\">", Names(input, comparison), "<tbody>\n");
  for (const ComparedMetric& compared : comparison.metrics) {
    if (!compared.headline.always && !compared.SaysSomething()) continue;
    const Metric& metric = compared.headline.metric;
    absl::StrAppend(&html, "<tr data-metric=\"", EscapeHtml(metric.name), "\" title=\"",
                    EscapeHtml(metric.meaning), "\"><th scope=\"row\">", EscapeHtml(metric.label),
                    "</th>");
    for (size_t i = 0; i < comparison.names.size(); ++i) {
      absl::StrAppend(&html, Cell(compared, i, i == comparison.base));
    }
    absl::StrAppend(&html, "</tr>\n");
  }
  return html + "</tbody></table>\n";
}

std::string Settings(const ComparePageInput& input, const RunComparison& comparison) {
  if (comparison.settings.empty()) return "";
  std::string html = absl::StrCat("<h2>What differs in the settings</h2>\n<table class=\"grid\">",
                                  Names(input, comparison), "<tbody>\n");
  for (const ComparedSetting& setting : comparison.settings) {
    absl::StrAppend(&html, "<tr><th scope=\"row\"><code>", EscapeHtml(setting.path),
                    "</code></th>");
    for (const std::string& value : setting.values) {
      absl::StrAppend(&html, "<td>", value.empty() ? "-" : EscapeHtml(value), "</td>");
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

std::string Plots(const ComparePageInput& input, const RunComparison& comparison) {
  const std::string cdfs = LagCdfs(input.groups);
  std::string html;
  if (!cdfs.empty()) {
    absl::StrAppend(&html,
                    "<h2>How far behind, how much of the time</h2>\n<p class=\"hint\">Apply lag "
                    "of each one's worst replica: the share of the load in which it was at "
                    "most so much. What is below the axis lies on its edge.</p>\n",
                    cdfs);
  }
  struct Risk {
    const char* metric;
    const char* what;
    const char* which;
  };
  for (const Risk& risk :
       {Risk{"unreplicated_entries_max", "the loss of the primary", "received by no replica"},
        Risk{"exposed_entries_max", "a power loss of the primary", "not flushed there"}}) {
    const std::string plot = TradeOff(comparison, risk.metric);
    if (plot.empty()) continue;
    absl::StrAppend(&html, "<h2>What a write costs against what ", risk.what,
                    " takes</h2>\n<p class=\"hint\">"
                    "Up: acknowledged writes that it would take, at the worst instant: ",
                    risk.which, ". To the right: slower. Best is the lower left corner.</p>\n",
                    plot);
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
                  Numbers(input, comparison), Plots(input, comparison),
                  Settings(input, comparison));
  return Document(absl::StrCat(input.title, " · compared"), body, Charts::kNone);
}

}  // namespace replsim
