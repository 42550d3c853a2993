#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/escape_html.h"
#include "simulator/metrics/format.h"
#include "simulator/report/page/html.h"
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

std::string MicrosText(bool known, int64_t us) {
  return known ? MillisText(static_cast<double>(us) / 1e3) : "";
}

}  // namespace

std::string FaultsSection(const proto::Timeline& timeline, RunState state) {
  const char* open_end = state == RunState::kRunning ? "still active" : "end of the run";
  if (timeline.faults().empty() && timeline.marks().empty()) return "";
  std::string html =
      absl::StrCat("<h3>Faults and events</h3>\n", GridHead({"from", "to", "where", "what"}));
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

std::string IoSection(const proto::RunReport& run) {
  if (run.io().nodes().empty()) return "";
  std::string html = absl::StrCat(
      "<h2 data-copy>Disk I/O</h2>\n",
      GridHead({"node", "writes", "flushes", "writes per flush", "flush p50", "flush p99",
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
