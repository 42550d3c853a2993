#include "simulator/play/play_answer.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "simulator/report/page/html.h"
#include "simulator/report/report_file.h"
#include "simulator/report/text_report.h"
#include "simulator/report/verdict_sentence.h"

namespace replsim {
namespace {

std::string JsonList(const std::vector<std::string>& items) {
  std::string json = "[";
  const char* comma = "";
  for (const std::string& item : items) absl::StrAppend(&json, std::exchange(comma, ","), item);
  return json + "]";
}

std::string Rows(const Table& table) {
  std::vector<std::string> rows;
  for (const TableRow& row : table.rows) {
    rows.push_back(JsonList({JsonString(absl::StripAsciiWhitespace(row.label)),
                             row.cells.empty() ? "null" : JsonString(row.cells.front())}));
  }
  return JsonList(rows);
}

// What the page draws of the timeline. To print all of it takes longer than the run itself, because
// twenty nodes have hundreds of curves.
proto::Timeline DrawnByPlay(const proto::Timeline& whole) {
  proto::Timeline drawn;
  drawn.set_bin_s(whole.bin_s());
  drawn.set_coarse_bin_s(whole.coarse_bin_s());
  drawn.set_load_end_s(whole.load_end_s());
  *drawn.mutable_rates()->mutable_writes_per_s() = whole.rates().writes_per_s();
  *drawn.mutable_faults() = whole.faults();
  *drawn.mutable_marks() = whole.marks();
  for (const proto::Timeline::LagBand& band : whole.lag()) {
    if (band.stage() != "apply" || band.down()) continue;
    proto::Timeline::LagBand* lag = drawn.add_lag();
    lag->set_replica(band.replica());
    lag->set_stage(band.stage());
    *lag->mutable_entries()->mutable_high() = band.entries().high();
  }
  return drawn;
}

}  // namespace

std::string PlayAnswer(const Variant& variant, const RunAnalysis& run) {
  const proto::Report report = BuildReport(variant.scenario.name(), "", "", {run.report}, {});
  std::vector<std::string> notes;
  for (const std::string& note : run.report.missing_faults()) notes.push_back(JsonString(note));
  for (const std::string& note : run.report.notes()) notes.push_back(JsonString(note));
  std::vector<std::string> knobs;
  for (const proto::RunReport::Setting& knob : run.report.knobs()) {
    knobs.push_back(JsonList({JsonString(knob.path()), JsonString(knob.value())}));
  }
  std::vector<std::string> nodes;
  for (const std::string& node : run.report.nodes()) nodes.push_back(JsonString(node));
  return absl::StrCat("{\"sentence\":", JsonString(VerdictSentence(run.report)),
                      ",\"rows\":", Rows(ReportTable(report)), ",\"notes\":", JsonList(notes),
                      ",\"knobs\":", JsonList(knobs), ",\"nodes\":", JsonList(nodes),
                      ",\"yaml\":", JsonString(ToYaml(variant)),
                      ",\"timeline\":", JsonForScript(DrawnByPlay(run.timeline)),
                      ",\"replay\":", JsonForScript(run.replay), "}");
}

std::string PlayMistakes(absl::string_view text) {
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    lines.push_back(JsonString(line));
  }
  return absl::StrCat("{\"mistakes\":", JsonList(lines), "}");
}

}  // namespace replsim
