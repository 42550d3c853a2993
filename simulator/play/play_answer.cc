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
                      ",\"timeline\":", JsonForScript(run.timeline),
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
