#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/escape_html.h"
#include "common/base/time.h"
#include "simulator/metrics/format.h"
#include "simulator/report/page/sections.h"

namespace replsim {
namespace {

struct Share {
  const char* kind;  // class in the style sheet
  const char* label;
  uint64_t count;
};

// One bar per fate rather than one stack: a single lost write among a million must be visible.
std::string Bars(const proto::RunReport::Writes& writes) {
  const std::vector<Share> shares = {
      {"good", "acknowledged, in the final log", writes.acked_survived()},
      {"bad", "acknowledged, then lost", writes.acked_lost()},
      {"odd", "answer unknown, in the final log", writes.unknown_survived()},
      {"none", "answer unknown, not in the final log", writes.unknown_gone()},
      {"odd", "no answer recorded, in the final log", writes.unacked_survived()},
      {"none", "rejected, not in the final log", writes.unacked_gone()},
      {"bad", "rejected, yet in the final log", writes.rejected_survived()},
  };
  uint64_t most = 1;
  for (const Share& share : shares) most = std::max(most, share.count);
  std::string html = "<table class=\"bars\"><tbody>\n";
  for (const Share& share : shares) {
    const double percent = 100.0 * static_cast<double>(share.count) / static_cast<double>(most);
    absl::StrAppendFormat(&html,
                          "<tr><th scope=\"row\">%s</th><td class=\"count\">%s</td><td "
                          "class=\"track\">",
                          share.label, Thousands(share.count));
    if (share.count > 0) {
      absl::StrAppendFormat(&html, "<div class=\"bar %s\" style=\"width:%.2f%%\"></div>",
                            share.kind, std::max(percent, 0.3));
    }
    html += "</td></tr>\n";
  }
  return html + "</tbody></table>\n";
}

std::string Waits(const std::vector<Wait>& waits) {
  if (waits.empty()) return "";
  const auto begin = static_cast<double>(waits.front().from_ns);
  const double length = std::max<double>(static_cast<double>(waits.back().to_ns) - begin, 1);
  std::string html = absl::StrCat("<p>", EscapeHtml(LongestStep(waits)),
                                  "</p>\n<table class=\"bars waits\"><tbody>\n");
  for (const Wait& wait : waits) {
    absl::StrAppendFormat(
        &html,
        "<tr><th scope=\"row\">%s</th><td class=\"count\">%.3f ms</td><td class=\"track\"><div "
        "class=\"bar wait\" style=\"margin-left:%.2f%%;width:%.2f%%\"></div></td></tr>\n",
        EscapeHtml(wait.what), MillisFrom(wait.length_ns()),
        100 * (static_cast<double>(wait.from_ns) - begin) / length,
        std::max(100 * static_cast<double>(wait.length_ns()) / length, 0.3));
  }
  return html + "</tbody></table>\n";
}

std::string Story(const std::string& which, const ExplainedWrite& write) {
  std::string html =
      absl::StrCat("<details class=\"story\"", which == "lost" ? " open" : "", "><summary>The ",
                   which == "lost" ? "first lost" : "slowest committed",
                   " write: ", EscapeHtml(write.heading), "</summary>\n");
  if (!write.loss.empty()) absl::StrAppend(&html, "<p>Lost: ", EscapeHtml(write.loss), "</p>\n");
  if (!write.elsewhere.empty())
    absl::StrAppend(&html, "<p>", EscapeHtml(write.elsewhere), "</p>\n");
  absl::StrAppend(&html, Waits(write.waits), "<table class=\"life\"><caption>");
  absl::StrAppendFormat(&html, "times since its invocation, at %.3f s of the load", write.origin_s);
  absl::StrAppend(&html, "</caption><tbody>\n");
  for (const Moment& moment : write.life) {
    absl::StrAppendFormat(&html, "<tr><td class=\"count\">%.3f ms</td><td>%s</td></tr>\n",
                          MillisFrom(moment.time_ns - write.origin_ns), EscapeHtml(moment.text));
  }
  return html + "</tbody></table></details>\n";
}

}  // namespace

std::string FatesSection(const RunAnalysis& run, RunState state) {
  const char* unknown = state == RunState::kRunning
                            ? "Known after the run, when the final logs have been read."
                            : "The final log is not known, so the fate of the writes is unknown.";
  const proto::RunReport::Writes& writes = run.report.writes();
  std::string html = "<h2 data-copy>Fate of the writes</h2>\n";
  absl::StrAppend(&html, writes.has_acked_survived()
                             ? Bars(writes)
                             : absl::StrCat("<p class=\"unknown\">", unknown, "</p>\n"));
  for (const RunAnalysis::Explained& explained : run.explained) {
    absl::StrAppend(&html, Story(explained.which, explained.write));
  }
  return html;
}

}  // namespace replsim
