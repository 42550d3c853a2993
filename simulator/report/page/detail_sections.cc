#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/escape_html.h"
#include "simulator/metrics/format.h"
#include "simulator/report/page/sections.h"

namespace replsim {
namespace {

std::string Row(const std::vector<std::string>& cells) {
  std::string html = absl::StrCat("<tr><th scope=\"row\">", EscapeHtml(cells.front()), "</th>");
  for (size_t i = 1; i < cells.size(); ++i) {
    absl::StrAppend(&html, "<td>", EscapeHtml(cells[i].empty() ? "-" : cells[i]), "</td>");
  }
  return html + "</tr>\n";
}

std::string Head(const std::vector<std::string>& cells) {
  std::string html = "<table class=\"grid\"><thead><tr>";
  for (const std::string& cell : cells) {
    absl::StrAppend(&html, "<th scope=\"col\">", EscapeHtml(cell), "</th>");
  }
  return html + "</tr></thead><tbody>\n";
}

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

std::string MicrosText(bool known, int64_t us) {
  return known ? MillisText(static_cast<double>(us) / 1e3) : "";
}

}  // namespace

std::string FaultsSection(const proto::Timeline& timeline, RunState state) {
  const char* open_end = state == RunState::kRunning ? "still active" : "end of the run";
  if (timeline.faults().empty() && timeline.marks().empty()) return "";
  std::string html =
      absl::StrCat("<h3>Faults and events</h3>\n", Head({"from", "to", "where", "what"}));
  int number = 0;
  for (const proto::Timeline::Fault& fault : timeline.faults()) {
    absl::StrAppend(&html,
                    Row({absl::StrFormat("%d · %.3f s", ++number, fault.begin_s()),
                         fault.has_end_s() ? absl::StrFormat("%.3f s", fault.end_s()) : open_end,
                         absl::StrJoin(fault.on(), ", "), fault.what()}));
  }
  for (const proto::Timeline::Mark& mark : timeline.marks()) {
    absl::StrAppend(&html, Row({absl::StrFormat("%.3f s", mark.time_s()), "", "", mark.text()}));
  }
  return html + "</tbody></table>\n";
}

// Whether the run was linearizable; of a violation the operations and why they contradict.
std::string LinearizableText(const proto::RunReport::Linearizable& found) {
  if (!found.has_holds()) return "";
  if (found.holds()) {
    return absl::StrCat("<p>Linearizable: all ", Thousands(found.keys()), " keys.</p>\n");
  }
  std::string html = absl::StrCat("<p><b>Not linearizable:</b> ", Thousands(found.bad_keys()),
                                  " of ", Thousands(found.keys()), " keys");
  if (found.late_by_ms() > 0) {
    absl::StrAppend(&html, "; linearizable but for ", MillisText(found.late_by_ms()), " (",
                    Counted(found.late_reads(), "late read"), " of ", Thousands(found.reads()),
                    ")");
  }
  absl::StrAppend(&html, ". ", EscapeHtml(found.reason()), ".</p>\n<ol>\n");
  for (const std::string& operation : found.witness()) {
    absl::StrAppend(&html, "<li>", EscapeHtml(operation), "</li>\n");
  }
  absl::StrAppend(&html, "</ol>\n");
  for (const std::string& because : found.because()) {
    absl::StrAppend(&html, "<p>", EscapeHtml(because), "</p>\n");
  }
  return html;
}

std::string ConsistencySection(const proto::RunReport& run) {
  const proto::RunReport::Consistency& found = run.consistency();
  const bool checked = found.has_stale_reads() || found.has_read_your_writes() ||
                       found.has_monotonic_reads() || found.has_phantom_reads();
  if (found.reads() == 0 || (!checked && !found.has_linearizable())) return "";
  const std::string title = "<h2 data-copy>Consistency of reads</h2>\n";
  // Values and times are enough for this one.
  if (!checked) return absl::StrCat(title, LinearizableText(found.linearizable()));
  return absl::StrCat(
      title, Head({"anomaly", "times", "reads checked", "rate", "first example"}),
      Anomaly("stale read", "a newer write of the key had been acknowledged before the read began",
              found.stale_reads()),
      Anomaly("stale read on a replica",
              "the same, on a read answered by a node that was not the primary",
              found.stale_replica_reads()),
      Anomaly("client missed its own write",
              "a newer write of the same client had been acknowledged before",
              found.read_your_writes()),
      Anomaly("read went back in time", "the client had read a newer value of the key before",
              found.monotonic_reads()),
      Anomaly("phantom read",
              "the value read is not in the final log: it was lost after it had been read",
              found.phantom_reads()),
      Anomaly("read out of log order",
              "of any key: overwritten by a write whose effects the client had seen",
              found.consistent_prefix()),
      Anomaly("own write out of order", "the log has it before an earlier write of its client",
              found.monotonic_writes()),
      Anomaly("write before what was read", "the log has it before what its client had read",
              found.writes_follow_reads()),
      "</tbody></table>\n", LinearizableText(found.linearizable()));
}

std::string IoSection(const proto::RunReport& run) {
  if (run.io().nodes().empty()) return "";
  std::string html = absl::StrCat(
      "<h2 data-copy>Disk I/O</h2>\n",
      Head({"node", "writes", "flushes", "writes per flush", "flush p50", "flush p99",
            "written to the log", "written by flushes", "event loop blocked by disk I/O"}));
  for (const proto::RunReport::NodeIo& node : run.io().nodes()) {
    const proto::RunReport::Distribution& flush = node.flush_us();
    absl::StrAppend(
        &html,
        Row({node.node(), Thousands(node.writes()), Thousands(node.flushes()),
             node.has_writes_per_flush() ? ShortNumber(node.writes_per_flush()) : "",
             MicrosText(flush.has_p50(), flush.p50()), MicrosText(flush.has_p99(), flush.p99()),
             BytesText(static_cast<double>(node.log_bytes())),
             BytesText(static_cast<double>(node.device_bytes())), MillisText(node.stalled_ms())}));
  }
  absl::StrAppend(&html, "</tbody></table>\n");
  if (run.io().has_write_amplification()) {
    absl::StrAppend(&html, "<p>Write amplification: the primary's flushes wrote ",
                    ShortNumber(run.io().write_amplification()),
                    " bytes, in blocks of 4 KiB, per byte of keys and values.</p>\n");
  }
  return html;
}

std::string ScenarioSection(const RunAnalysis& run) {
  std::string html = "<h2>Scenario with all defaults</h2>\n";
  if (!run.report.command().empty()) {
    absl::StrAppend(&html, "<p>Repeat this run: <code>", EscapeHtml(run.report.command()),
                    "</code></p>\n");
  }
  return absl::StrCat(html, "<details><summary>scenario.yaml</summary><pre>",
                      EscapeHtml(run.scenario_yaml), "</pre></details>\n");
}

}  // namespace replsim
