#include "simulator/choose/choose_report.h"

#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "simulator/analysis/reads/guarantee_order.h"
#include "simulator/explore/shrunk_file.h"
#include "simulator/metrics/format.h"
#include "simulator/report/markdown.h"
#include "simulator/scenario/text_table.h"

namespace replsim {
namespace {

constexpr size_t kWidth = 100;

// "5.7 / 7.6 ms"
std::string Latencies(const ModeChoice& mode) {
  if (!mode.p50_ms || !mode.p99_ms) return "";
  return absl::StrCat(ShortNumber(*mode.p50_ms), " / ", MillisText(*mode.p99_ms));
}

std::string PerSecond(double value) {
  return Thousands(static_cast<uint64_t>(std::llround(value)));
}

// "2,998", or "644 of 3,000" if that is less than 95 % of what was offered.
std::string Throughput(const ModeChoice& mode) {
  if (!mode.per_second) return "";
  constexpr double kMet = 0.95;
  const bool met = !mode.offered_per_second || *mode.per_second >= kMet * *mode.offered_per_second;
  return met ? PerSecond(*mode.per_second)
             : absl::StrCat(PerSecond(*mode.per_second), " of ",
                            PerSecond(*mode.offered_per_second));
}

std::string StopText(const std::optional<double>& stop_ms, bool at_least) {
  if (!stop_ms) return "";
  return absl::StrCat(at_least ? "> " : "", MillisText(*stop_ms));
}

// The strongest guarantee alone; the page and the JSON list all.
std::string StrongestReaders(const std::vector<std::string>& names) {
  if (names.empty()) return "nothing";
  return LabelOfGuarantee(StrongestOf(names).front());
}

TableRow RowOf(const ChoiceCell& cell) {
  return {absl::StrCat("  ", cell.failure->label),
          {" ", " ", cell.lost_most ? Thousands(*cell.lost_most) : "", PromisedWord(cell),
           StopText(cell.stop_ms, cell.stop_at_least), StrongestReaders(cell.readers)},
          ""};
}

// "postgres:off, primary dies: 604 lost; 2 faults: kill primary at after-primary.ack, promote best"
std::string WorstText(const ModeChoice& mode, const ChoiceCell& cell) {
  return absl::StrCat(mode.mode, ", ", cell.failure->label, ": ", Thousands(*cell.lost_most),
                      " lost; ", FaultsInWords(cell.worst->scenario));
}

std::string Violations(const ChoiceResult& result) {
  std::string text;
  for (const ModeChoice& mode : result.modes) {
    for (const std::string& line : mode.violations) {
      absl::StrAppend(&text, "VIOLATION  ", mode.mode, ", healthy, ", line, "\n");
    }
    for (const ChoiceCell& cell : mode.cells) {
      for (const std::string& line : cell.violations) {
        absl::StrAppend(&text, "VIOLATION  ", mode.mode, ", ", cell.failure->label, ", ", line,
                        "\n");
      }
    }
  }
  return text;
}

// One paragraph per line, wrapped, with a hanging indent.
std::string FindingsText(const ChoiceResult& result) {
  std::string text = result.findings.empty() ? "" : "\n";
  for (const std::string& finding : result.findings) {
    const std::vector<std::string> lines = WrapWords(finding, kWidth - 2);
    absl::StrAppend(&text, absl::StrJoin(lines, "\n  "), "\n");
  }
  return text;
}

Json OptionalJson(const std::optional<double>& value) { return Json(value.value_or(std::nan(""))); }

Json NamesJson(const std::vector<std::string>& names) {
  Json json = Json::Array();
  for (const std::string& name : names) json.Add(name);
  return json;
}

Json CellJson(const ChoiceResult& result, const ModeChoice& mode, const ChoiceCell& cell) {
  Json json = Json::Object();
  json.Set("failure", cell.failure->name);
  json.Set("runs", cell.runs);
  json.Set("not_judged", cell.not_judged);
  if (cell.lost_most) json.Set("lost_most", *cell.lost_most);
  json.Set("promised", cell.promised);
  json.Set("because", cell.because);
  json.Set("verdict", PromisedWord(cell));
  if (cell.stop_ms) {
    json.Set("writes_stopped_ms", *cell.stop_ms);
    json.Set("writes_stopped_at_least", cell.stop_at_least);
  }
  json.Set("promised_to_readers", NamesJson(cell.readers));
  json.Set("violations", NamesJson(cell.violations));
  if (cell.worst) {
    json.Set("takes", FaultsInWords(cell.worst->scenario));
    json.Set("file", WorstPath(result, mode, cell));
    json.Set("run", WorstCommand(result, mode, cell));
  }
  return json;
}

Json ModeJson(const ChoiceResult& result, const ModeChoice& mode) {
  Json json = Json::Object();
  json.Set("mode", mode.mode);
  json.Set("runs", mode.runs);
  json.Set("write_p50_ms", OptionalJson(mode.p50_ms));
  json.Set("write_p99_ms", OptionalJson(mode.p99_ms));
  json.Set("per_second", OptionalJson(mode.per_second));
  json.Set("offered_per_second", OptionalJson(mode.offered_per_second));
  if (mode.clients_needed) json.Set("clients_needed", *mode.clients_needed);
  json.Set("promised_to_readers", NamesJson(mode.readers));
  json.Set("violations", NamesJson(mode.violations));
  Json cells = Json::Array();
  for (const ChoiceCell& cell : mode.cells) cells.Add(CellJson(result, mode, cell));
  json.Set("failures", std::move(cells));
  return json;
}

}  // namespace

Table ChoiceTable(const ChoiceResult& result) {
  Table table;
  table.heads = {"p50 / p99", "per second", "lost", "promised", "stopped", "readers"};
  table.gap = 2;
  for (const ModeChoice& mode : result.modes) {
    table.rows.push_back({mode.mode,
                          {Latencies(mode), Throughput(mode), " ", " ",
                           StopText(mode.stop_ms, false), StrongestReaders(mode.readers)},
                          ""});
    for (const ChoiceCell& cell : mode.cells) table.rows.push_back(RowOf(cell));
  }
  return table;
}

std::string ChoiceLegend(const ChoiceResult& result) {
  std::string text = absl::StrCat(
      Counted(result.runs, "run"), " in virtual time",
      result.seconds ? absl::StrFormat(", %.1f s", *result.seconds) : std::string(),
      "; each failure ", Counted(result.tries, "time"), ", at different instants and seeds\n");
  uint64_t not_judged = 0;
  for (const ModeChoice& mode : result.modes) {
    not_judged += mode.not_judged;
    for (const ChoiceCell& cell : mode.cells) not_judged += cell.not_judged;
  }
  if (not_judged > 0) {
    absl::StrAppend(&text, Counted(not_judged, "run"),
                    " could not be judged: a fault did not happen, or the run failed\n");
  }
  for (const ModeChoice& mode : result.modes) {
    if (!mode.clients_needed) continue;
    absl::StrAppend(&text, mode.mode, " needs ", Counted(*mode.clients_needed, "client"),
                    " for this rate (--clients)\n");
  }
  return absl::StrCat(
      text,
      "p50 / p99, per second: of committed writes while no node fails; so is the rest of that "
      "row\n"
      "lost: the most acknowledged writes that one run lost; more runs may find more\n"
      "promised: whether acknowledged writes are promised to survive; luck: not promised, none "
      "lost\n"
      "stopped: the longest time without a committed write; >: it lasted until the load ended\n"
      "readers: the strongest guarantee that is promised to readers\n");
}

std::string ChoiceText(const ChoiceResult& result) {
  std::string text = "Which mode?\n";
  for (const std::string& line : result.question) absl::StrAppend(&text, "  ", line, "\n");
  text += FindingsText(result);
  absl::StrAppend(&text, "\n", LayOut(ChoiceTable(result), kWidth), "\n", ChoiceLegend(result));
  bool first = true;
  for (const ModeChoice& mode : result.modes) {
    for (const ChoiceCell& cell : mode.cells) {
      if (!cell.worst) continue;
      absl::StrAppend(&text, std::exchange(first, false) ? "\n" : "", WorstText(mode, cell),
                      "\n  run it: ", WorstCommand(result, mode, cell), "\n");
    }
  }
  return absl::StrCat(text, Violations(result), "repeat ", result.command, "\n");
}

std::string ChoiceMarkdown(const ChoiceResult& result) {
  std::string text = "## Which replication mode?\n\n";
  absl::StrAppend(&text, MarkdownList(absl::StrJoin(result.question, "\n")),
                  MarkdownList(absl::StrJoin(result.findings, "\n")), "\n",
                  MarkdownTable(ChoiceTable(result)), "\n", MarkdownList(ChoiceLegend(result)));
  std::string worst;
  for (const ModeChoice& mode : result.modes) {
    for (const ChoiceCell& cell : mode.cells) {
      if (!cell.worst) continue;
      absl::StrAppend(&worst, "* ", WorstText(mode, cell), ": `", WorstCommand(result, mode, cell),
                      "`\n");
    }
  }
  if (!worst.empty()) absl::StrAppend(&text, "\nThe runs that lost most:\n\n", worst);
  const std::string violations = Violations(result);
  if (!violations.empty()) absl::StrAppend(&text, "\n", MarkdownList(violations));
  return absl::StrCat(text, "\nRepeat: `", result.command, "`\n");
}

Json ChoiceJson(const ChoiceResult& result) {
  Json json = Json::Object();
  json.Set("command", result.command);
  json.Set("question", NamesJson(result.question));
  json.Set("findings", NamesJson(result.findings));
  json.Set("runs", result.runs);
  json.Set("tries", uint64_t{result.tries});
  Json modes = Json::Array();
  for (const ModeChoice& mode : result.modes) modes.Add(ModeJson(result, mode));
  json.Set("modes", std::move(modes));
  return json;
}

int ChoiceStatus(const ChoiceResult& result) {
  bool judged = true;
  for (const ModeChoice& mode : result.modes) {
    if (!mode.violations.empty()) return 1;
    judged &= mode.not_judged < mode.runs;
    for (const ChoiceCell& cell : mode.cells) {
      if (!cell.violations.empty()) return 1;
      judged &= cell.not_judged < cell.runs;
    }
  }
  return judged ? 0 : 2;
}

}  // namespace replsim
