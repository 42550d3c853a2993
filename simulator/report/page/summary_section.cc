#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/escape_html.h"
#include "simulator/analysis/reads/guarantee_order.h"
#include "simulator/report/absent_text.h"
#include "simulator/report/page/sections.h"
#include "simulator/report/page/verdicts.h"

namespace replsim {
namespace {

std::string List(const char* kind, const char* heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string html = absl::StrCat("<div class=\"", kind, "\"><h3>", heading, "</h3><ul>\n");
  for (const std::string& line : lines) absl::StrAppend(&html, "<li>", EscapeHtml(line), "</li>\n");
  return html + "</ul></div>\n";
}

std::vector<proto::ExpectationResult> OfRun(const proto::Report& report,
                                            const proto::RunReport& run) {
  std::vector<proto::ExpectationResult> results;
  for (const proto::ExpectationResult& result : report.expectations()) {
    if (report.runs_size() <= 1 || result.variant() == run.variant()) results.push_back(result);
  }
  return results;
}

// Whether the settings promise that acknowledged writes survive, so that a loss of 0 is not
// mistaken for a promise.
std::string PromiseHtml(const proto::RunReport& run) {
  const proto::RunReport::Promise& promise = run.promise();
  if (!run.has_promise() || promise.faults() == 0) return "";
  const char* word = !promise.has_keeps_acknowledged() ? "not known"
                     : promise.keeps_acknowledged()    ? "yes"
                                                       : "no";
  const bool luck = promise.has_keeps_acknowledged() && !promise.keeps_acknowledged() &&
                    run.writes().has_acked_lost() && run.writes().acked_lost() == 0;
  return absl::StrCat("<p class=\"promise\">Acknowledged writes were promised to survive: <b>",
                      word, "</b> (", EscapeHtml(promise.because()), ").",
                      luck ? " None was lost: luck, not a promise." : "", "</p>\n");
}

// "sequential, not linearizable (clients read from different nodes)"; empty if it is unknown.
std::string PromisedToReaders(const proto::RunReport::Promise& promise) {
  if (promise.to_readers().empty()) return "";
  std::vector<std::string> promised;
  for (const proto::PromisedGuarantee& guarantee : promise.to_readers()) {
    if (guarantee.promised()) promised.push_back(guarantee.name());
  }
  const proto::PromisedGuarantee& strongest = promise.to_readers(0);
  std::string text = promised.empty() ? "nothing" : LabelsOfStrongest(promised);
  if (!strongest.promised()) {
    absl::StrAppend(&text, ", not ", LabelOfGuarantee(strongest.name()), " (", strongest.because(),
                    ")");
  }
  return text;
}

// The strongest guarantee that held, the strongest that did not, and what was promised.
std::string ConsistencyHtml(const proto::RunReport& run) {
  const proto::ConsistencySummary& summary = run.consistency().summary();
  if (summary.text().empty()) return "";
  const std::string promised = PromisedToReaders(run.promise());
  return absl::StrCat(
      "<p class=\"guarantees\">Consistency: ", GuaranteesHtml(summary.text()),
      summary.first_failed().empty() ? "." : ". <a href=\"#consistency\">Why</a>", "</p>\n",
      promised.empty() || summary.verdicts().empty()
          ? ""
          : absl::StrCat("<p class=\"promise\">Promised to readers: ", EscapeHtml(promised),
                         ".</p>\n"));
}

}  // namespace

std::string SummarySection(const proto::Report& report, const proto::RunReport& run,
                           RunState state) {
  const bool running = state == RunState::kRunning;
  std::string html = absl::StrCat(
      "<p class=\"eyebrow\">", EscapeHtml(report.scenario()),
      run.variant().empty() ? "" : absl::StrCat(" · ", EscapeHtml(run.variant())), " · ",
      EscapeHtml(run.runtime()), " · seed ", run.seed(), "</p>\n<h1>",
      EscapeHtml(report.question().empty() ? report.scenario() : report.question()), "</h1>\n");
  absl::StrAppend(&html, VerdictsHtml(report.answer(), OfRun(report, run),
                                      {run.breaches().begin(), run.breaches().end()}));
  if (!running) absl::StrAppend(&html, ConsistencyHtml(run), PromiseHtml(run));
  std::vector<std::string> notes(run.notes().begin(), run.notes().end());
  for (const proto::RunReport::Absent& absent : run.absent()) notes.push_back(AbsentText(absent));
  absl::StrAppend(
      &html,
      List("alarm", "Faults that did not happen",
           {run.missing_faults().begin(), run.missing_faults().end()}),
      List("notice", running || run.complete() ? "Notes" : "This recording is incomplete", notes));
  return html;
}

}  // namespace replsim
