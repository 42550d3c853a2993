#include "simulator/report/page/report_page.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"
#include "simulator/report/page/document.h"
#include "simulator/report/page/html.h"
#include "simulator/report/page/sections.h"

namespace replsim {
namespace {

// The sections of a page, by the id of their element. An update replaces them on a live page.
std::vector<std::pair<std::string, std::string>> Sections(const proto::Report& report,
                                                          const RunAnalysis& run, RunState state) {
  return {
      {"summary", SummarySection(report, run.report, state)},
      {"numbers", NumbersSection(run.report, state)},
      {"charts", ""},  // drawn by the script
      {"faults", FaultsSection(run.timeline, state)},
      {"leaders", LeadSection(run.lead_lanes)},
      {"lab", ""},
      {"fates", FatesSection(run, state)},
      {"animation", ""},  // drawn by the script
      {"space-time", SpaceTimeSection(run.space_time)},
      {"consistency", ConsistencySection(run)},
      {"io", IoSection(run.report)},
      {"scenario", ScenarioSection(run)},
  };
}

constexpr char kCharts[] = R"(<h2>Over time</h2>
<p class="hint">Drag to zoom all charts; double-click to show the whole run again; click a chart to
list what each node held at that moment; click a name in a legend to hide or show its line. Shaded:
no write was committed. Strips at the top: faults, numbered as in the table below the charts;
hatched: the node was down or paused. Dashed lines: promotions and other instants.</p>
<noscript><p class="alarm">The charts need JavaScript. All numbers are also in report.json and
lag.csv beside this page.</p></noscript>
<div id="switches" class="switches"></div>
<div id="plots"></div>
<div id="moment" aria-live="polite"></div>
)";

// Shown by the script if there is something to animate.
constexpr char kAnimation[] = R"(<h2>What happened, step by step</h2>
<p class="hint"><span id="replay-why"></span> Each column of a node is one record of the log, each
row a stage; the same column is the same LSN on every node, so gaps on the right are lag. Blue: not
answered yet. Green: acknowledged. Red: acknowledged, and lost in the end. Squares on links carry
records, small dots acknowledge them. Click a record or a client to follow its write. Keys: space
plays, ← and → go to the previous and the next event, + and − change the speed.</p>
<div id="replay" class="replay"></div>
)";

constexpr char kLab[] = R"(<h2>The lag laboratory</h2>
<p class="hint">The readings that well-known lag metrics would have given in this run, each by its
own definition, together with the true lag.</p>
)";
constexpr char kLabParts[] = R"(<div id="lab-switches" class="switches"></div>
<div id="lab-plot"></div>
<p id="lab-text" aria-live="polite"></p>
)";

// The script needs these elements on every page, so they are hidden rather than left out.
std::string LabSection(const proto::RunReport& run) {
  const bool absent = run.shown_lag().empty() && !run.absent().empty();
  if (absent) return absl::StrCat("<div hidden>\n", kLabParts, "</div>\n");
  return absl::StrCat(kLab, kLabParts);
}

}  // namespace

std::string ReportPage(const proto::Report& report, const RunAnalysis& run, RunState state) {
  std::string body;
  for (const auto& [id, html] : Sections(report, run, state)) {
    absl::StrAppend(&body, "<section id=\"", id, "\"", id == "animation" ? " hidden" : "", ">\n",
                    id == "charts"      ? std::string(kCharts)
                    : id == "animation" ? std::string(kAnimation)
                    : id == "lab"       ? LabSection(run.report)
                                        : html,
                    "</section>\n");
  }
  absl::StrAppend(&body, "<script type=\"application/json\" id=\"timeline\">",
                  JsonForScript(run.timeline),
                  "</script>\n<script type=\"application/json\" id=\"replay-data\">",
                  state == RunState::kEnded ? JsonForScript(run.replay) : "{}", "</script>\n");
  const std::string name = run.report.variant().empty()
                               ? report.scenario()
                               : absl::StrCat(report.scenario(), " · ", run.report.variant());
  return Document(name, body, Charts::kDrawn);
}

std::string PageUpdate(const proto::Report& report, const RunAnalysis& run, RunState state) {
  std::string json = absl::StrCat("{\"complete\":", run.report.complete() ? "true" : "false",
                                  ",\"timeline\":", JsonForScript(run.timeline));
  // The animation of a run that goes on would start again with every update.
  if (state == RunState::kEnded && run.replay.nodes_size() > 0) {
    absl::StrAppend(&json, ",\"replay\":", JsonForScript(run.replay));
  }
  json += ",\"sections\":{";
  const char* comma = "";
  for (const auto& [id, html] : Sections(report, run, state)) {
    if (html.empty()) continue;
    absl::StrAppend(&json, std::exchange(comma, ","), JsonString(id), ":", JsonString(html));
  }
  return json + "}}";
}

absl::Status SavePages(const proto::Report& report, const std::vector<RunAnalysis>& runs) {
  for (const RunAnalysis& run : runs) {
    REPL_RETURN_IF_ERROR(WriteFileBytes(PagePath(run.folder), ReportPage(report, run)));
  }
  return absl::OkStatus();
}

}  // namespace replsim
