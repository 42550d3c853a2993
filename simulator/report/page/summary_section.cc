#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simulator/report/page/html.h"
#include "simulator/report/page/sections.h"

namespace replsim {
namespace {

std::string Verdict(const proto::ExpectationResult& result) {
  const char* kind = !result.has_held() ? "unjudged" : result.held() ? "held" : "failed";
  const char* sign = !result.has_held() ? "?" : result.held() ? "✓" : "✗";
  const char* word = !result.has_held() ? "not judged" : result.held() ? "held" : "not held";
  return absl::StrCat("<li class=\"", kind, "\"><b><span aria-hidden=\"true\">", sign, "</span> ",
                      word, "</b> ", Escaped(result.text()), " <span class=\"measured\">",
                      Escaped(result.measured()), "</span></li>\n");
}

std::string List(const char* kind, const char* heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string html = absl::StrCat("<div class=\"", kind, "\"><h3>", heading, "</h3><ul>\n");
  for (const std::string& line : lines) absl::StrAppend(&html, "<li>", Escaped(line), "</li>\n");
  return html + "</ul></div>\n";
}

std::vector<const proto::ExpectationResult*> OfRun(const proto::Report& report,
                                                   const proto::RunReport& run) {
  std::vector<const proto::ExpectationResult*> results;
  for (const proto::ExpectationResult& result : report.expectations()) {
    if (report.runs_size() <= 1 || result.variant() == run.variant()) results.push_back(&result);
  }
  return results;
}

// The scenario's own sentence, where it came true; else what did not.
std::string Answer(const proto::Report& report,
                   const std::vector<const proto::ExpectationResult*>& results) {
  bool failed = false;
  bool unjudged = false;
  for (const proto::ExpectationResult* result : results) {
    failed |= result->has_held() && !result->held();
    unjudged |= !result->has_held();
  }
  if (failed) return "Not what was expected: see what did not hold.";
  if (unjudged) return "It could not be judged: see what is missing.";
  return report.answer();
}

}  // namespace

std::string SummarySection(const proto::Report& report, const proto::RunReport& run) {
  const std::vector<const proto::ExpectationResult*> results = OfRun(report, run);
  std::string html = absl::StrCat(
      "<p class=\"eyebrow\">", Escaped(report.scenario()),
      run.variant().empty() ? "" : absl::StrCat(" · ", Escaped(run.variant())), " · ",
      Escaped(run.runtime()), " · seed ", run.seed(), "</p>\n<h1>",
      Escaped(report.question().empty() ? report.scenario() : report.question()), "</h1>\n");
  const std::string answer = Answer(report, results);
  if (!answer.empty()) absl::StrAppend(&html, "<p class=\"answer\">", Escaped(answer), "</p>\n");
  if (!results.empty()) {
    absl::StrAppend(&html, "<ul class=\"verdicts\">\n");
    for (const proto::ExpectationResult* result : results) absl::StrAppend(&html, Verdict(*result));
    absl::StrAppend(&html, "</ul>\n");
  }
  absl::StrAppend(&html,
                  List("alarm", "What must never happen, and did",
                       {run.breaches().begin(), run.breaches().end()}),
                  List("alarm", "Faults that did not happen",
                       {run.missing_faults().begin(), run.missing_faults().end()}),
                  List("notice", run.complete() ? "Notes" : "This recording is not whole",
                       {run.notes().begin(), run.notes().end()}));
  return html;
}

}  // namespace replsim
