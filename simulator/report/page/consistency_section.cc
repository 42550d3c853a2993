#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/escape_html.h"
#include "simulator/analysis/reads/guarantee_order.h"
#include "simulator/metrics/format.h"
#include "simulator/report/page/html.h"
#include "simulator/report/page/sections.h"
#include "simulator/report/page/witness_drawing.h"

namespace replsim {
namespace {

std::string Anomaly(const char* name, const char* meaning, const proto::RunReport::Anomaly& found) {
  if (!found.has_count()) return "";
  return absl::StrCat(
      "<tr title=\"", EscapeHtml(meaning), "\"><th scope=\"row\">", name, "</th><td>",
      found.count() == 0 ? "<b class=\"held\">✓ none</b>"
                         : absl::StrCat("<b class=\"failed\">✗ ", Thousands(found.count()), "</b>"),
      "</td><td>", Thousands(found.checked()), "</td><td>",
      found.has_rate() ? PercentText(found.rate()) : "-", "</td><td>",
      EscapeHtml(found.first_witness().empty() ? "-" : found.first_witness()), "</td></tr>\n");
}

// Whether the run was linearizable; a violation is explained and drawn.
std::string LinearizableText(const proto::RunReport::Linearizable& found,
                             const WitnessPicture& picture) {
  if (!found.has_holds()) return "";
  if (found.holds()) {
    return absl::StrCat("<p>Linearizable: all ", Thousands(found.keys()), " keys.</p>\n");
  }
  std::string html = absl::StrCat("<p><b>Not linearizable:</b> ",
                                  found.has_bad_keys() ? Thousands(found.bad_keys()) : "at least 1",
                                  " of ", Thousands(found.keys()), " keys");
  if (found.late_by_ms() > 0) {
    absl::StrAppend(&html, "; it would be if each read had begun ",
                    absl::StrFormat("%.3f", found.late_by_ms()), " ms earlier (",
                    Thousands(found.late_reads()), " of ", Thousands(found.reads()),
                    " reads are late, ",
                    MillisText(static_cast<double>(found.late_us().p50()) / 1e3), " at p50)");
  }
  return absl::StrCat(html, ". ", EscapeHtml(found.reason()), ".</p>\n",
                      WitnessHtml(picture, "Not linearizable"));
}

struct Meaning {
  const char* guarantee;
  const char* text;
};
constexpr Meaning kMeanings[] = {
    {"linearizable",
     "every operation seems to have happened at one instant between its begin and its end"},
    {"sequential",
     "there is one order of all operations that has those of each client in its order"},
    {"consistent_prefix",
     "a client never reads, of any key, what a write had overwritten whose effects it had seen"},
    {"monotonic_reads", "a client never reads an older value of a key than before"},
    {"read_your_writes", "a client sees its own acknowledged writes"},
    {"monotonic_writes", "the writes of a client are in the log in its order"},
    {"writes_follow_reads", "a client's write is in the log after all that the client had read"},
};

// Whether the settings promise the guarantee to readers, with the reason as a tooltip.
std::string PromisedHtml(const std::string& guarantee, const proto::RunReport::Promise& promise) {
  for (const proto::PromisedGuarantee& one : promise.to_readers()) {
    if (one.name() != guarantee) continue;
    return absl::StrCat("<td title=\"", EscapeHtml(one.because()), "\">",
                        one.promised() ? "yes" : "no", "</td>");
  }
  return "<td>-</td>";
}

// The verdicts, strongest guarantee first.
std::string GuaranteesTable(const proto::RunReport& run) {
  const proto::ConsistencySummary& summary = run.consistency().summary();
  if (summary.verdicts().empty()) return "";
  std::string html = GridHead(
      {"guarantee, strongest first", "held", "promised", "violations", "of", "rate", "example"});
  for (const proto::GuaranteeVerdict& verdict : summary.verdicts()) {
    const char* meaning = "";
    for (const Meaning& known : kMeanings) {
      if (verdict.name() == known.guarantee) meaning = known.text;
    }
    absl::StrAppend(
        &html, "<tr data-guarantee=\"", EscapeHtml(verdict.name()), "\" title=\"", meaning,
        "\"><th scope=\"row\">", EscapeHtml(LabelOfGuarantee(verdict.name())), "</th><td>",
        verdict.holds() ? "<b class=\"held\">✓ yes</b>" : "<b class=\"failed\">✗ NO</b>", "</td>",
        PromisedHtml(verdict.name(), run.promise()), "<td>", Thousands(verdict.violations()),
        "</td><td>", Thousands(verdict.checked()), " ", EscapeHtml(verdict.of()), "</td><td>",
        verdict.has_rate() ? PercentText(verdict.rate()) : "-", "</td><td>",
        EscapeHtml(verdict.witness().empty() ? "-" : verdict.witness()), "</td></tr>\n");
  }
  return html + "</tbody></table>\n";
}

}  // namespace

std::string ConsistencySection(const RunAnalysis& run) {
  const proto::RunReport::Consistency& found = run.report.consistency();
  const std::string guarantees = GuaranteesTable(run.report);
  const bool anomalies = found.has_stale_reads() || found.has_phantom_reads();
  if (found.reads() == 0 || (guarantees.empty() && !anomalies)) return "";
  std::string html = absl::StrCat("<h2 data-copy>Consistency of reads</h2>\n", guarantees,
                                  LinearizableText(found.linearizable(), run.witness));
  if (!anomalies) return html;
  return absl::StrCat(
      html, "<h3>Anomalies</h3>\n",
      GridHead({"anomaly", "times", "reads checked", "rate", "first example"}),
      Anomaly("stale read", "a newer write of the key had been acknowledged before the read began",
              found.stale_reads()),
      Anomaly("stale read on a replica",
              "the same, on a read answered by a node that was not the primary",
              found.stale_replica_reads()),
      Anomaly("phantom read",
              "the value read is not in the final log: it was lost after it had been read",
              found.phantom_reads()),
      "</tbody></table>\n");
}

}  // namespace replsim
