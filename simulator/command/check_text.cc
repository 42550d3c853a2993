#include "simulator/command/check_text.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/stats/samples.h"
#include "simulator/analysis/reads/witness_picture.h"
#include "simulator/judge/describe.h"
#include "simulator/judge/implications.h"
#include "simulator/judge/shrink_witness.h"
#include "simulator/metrics/format.h"
#include "simulator/report/junit_xml.h"

namespace replsim {
namespace {

using history::History;
using history::Model;

constexpr size_t kShownOperations = 20;

const char* ModelText(Model model) {
  switch (model) {
    case Model::kRegister:
      return "register";
    case Model::kKvAppend:
      return "key-value store with append";
    case Model::kMultiRegister:
      return "multi-register";
    case Model::kTransactions:
      return "transactions on registers";
    case Model::kListAppend:
      return "transactions on lists";
    case Model::kBank:
      return "bank";
    case Model::kSet:
      return "set";
    case Model::kLongFork:
      return "long fork";
  }
  return "?";
}

std::string Contents(const History& history) {
  std::string text = ModelText(history.model);
  if (history.model == Model::kRegister || history.model == Model::kMultiRegister) {
    absl::StrAppend(&text, ", initially ", history.TextOf(history.initial));
  }
  absl::StrAppend(&text, " · ");
  if (!history.operations.empty()) {
    absl::StrAppend(&text, Counted(history.operations.size(), "operation"));
  } else if (!history.transactions.empty()) {
    absl::StrAppend(&text, Counted(history.transactions.size(), "transaction"));
  } else {
    absl::StrAppend(&text, Counted(history.snapshots.size(), "read"));
  }
  if (history.keys.size() > 1) absl::StrAppend(&text, ", ", Counted(history.keys.size(), "key"));
  absl::StrAppend(&text, ", ",
                  Counted(history.processes.size(), history.has_lines ? "client" : "session"));
  return text;
}

// One operation of a witness. The lines are those of its two rows; 0: none.
struct Shown {
  uint32_t line = 0;
  uint32_t answer_line = 0;
  std::string text;
};
Shown ShownOf(const History& history, size_t index) {
  switch (history.model) {
    case Model::kRegister:
    case Model::kKvAppend: {
      const history::Operation& operation = history.operations[index];
      std::string text = judge::DescribeWithKey(history, operation);
      if (operation.end == history::kNever) text += ", never answered";
      return {operation.line, operation.end_line, std::move(text)};
    }
    case Model::kBank:
    case Model::kSet: {
      const history::Snapshot& snapshot = history.snapshots[index];
      return {snapshot.line, 0, absl::StrCat(history.processes[snapshot.process], " read")};
    }
    case Model::kMultiRegister:
    case Model::kTransactions:
    case Model::kListAppend:
    case Model::kLongFork:
      break;
  }
  return {history.transactions[index].line, 0, judge::DescribeTransaction(history, index)};
}

std::string LateText(const History& history, int64_t time) {
  return history.has_times ? MillisText(static_cast<double>(time) / 1e6)
                           : absl::StrCat(time, " lines");
}

// "3 of 7 keys; holds but for 1.432 ms (p99 of 68 late reads: 1.41 ms)".
std::string RateText(const History& history, const judge::Verdict& verdict) {
  if (verdict.bad_reads > 0 && verdict.reads > 0) {
    return absl::StrCat(verdict.bad_reads, " of ", Counted(verdict.reads, "operation"), "; ");
  }
  if (verdict.guarantee != judge::Guarantee::kLinearizable || verdict.bad_keys == 0) return "";
  std::string text;
  if (verdict.keys > 1) {
    text = absl::StrCat(verdict.bad_keys_at_least ? "at least " : "", verdict.bad_keys, " of ",
                        verdict.keys, " keys; ");
  }
  if (verdict.late_by && *verdict.late_by > 0 && history.has_times) {
    Samples late;
    for (const int64_t time : verdict.late_reads) late.Add(time);
    absl::StrAppend(&text, "holds but for ", LateText(history, *verdict.late_by));
    if (const auto p99 = late.Quantile(0.99)) {
      absl::StrAppend(&text, " (", late.count(), " of ", verdict.reads,
                      late.count() == 1 ? " reads is late" : " reads are late", ", p99 ",
                      LateText(history, *p99), ")");
    }
    absl::StrAppend(&text, "; ");
  }
  return text;
}

std::string VerdictText(const History& history, const judge::Verdict& verdict) {
  const char* const name = NameOf(verdict.guarantee);
  if (verdict.holds == judge::Holds::kYes) {
    return absl::StrFormat("  %-24s holds%s\n", name,
                           verdict.reason.empty() ? "" : absl::StrCat(": ", verdict.reason));
  }
  if (verdict.holds == judge::Holds::kUnknown) {
    return absl::StrFormat("  %-24s unknown: %s\n", name, verdict.reason);
  }
  std::string text = absl::StrFormat("  %-24s %s%s\n", absl::StrCat("NOT ", name),
                                     RateText(history, verdict), verdict.reason);
  for (size_t i = 0; i < verdict.witness.size() && i < kShownOperations; ++i) {
    absl::StrAppend(&text, "      ", ShownOf(history, verdict.witness[i]).text, "\n");
  }
  if (verdict.witness.size() > kShownOperations) {
    absl::StrAppend(&text, "      and ", verdict.witness.size() - kShownOperations, " more\n");
  }
  for (const std::string& because : verdict.because) {
    absl::StrAppend(&text, "    ", because, "\n");
  }
  return text;
}

}  // namespace

judge::Holds OverallOf(const std::vector<judge::Verdict>& verdicts) {
  judge::Holds overall = verdicts.empty() ? judge::Holds::kUnknown : judge::Holds::kYes;
  for (const judge::Verdict& verdict : verdicts) {
    if (verdict.holds == judge::Holds::kNo) return judge::Holds::kNo;
    if (verdict.holds == judge::Holds::kUnknown) overall = judge::Holds::kUnknown;
  }
  return overall;
}

const char* WordOf(judge::Holds holds) {
  return holds == judge::Holds::kYes ? "yes" : holds == judge::Holds::kNo ? "no" : "unknown";
}

std::string TextOf(const CheckedHistory& checked) {
  std::string text = absl::StrCat(checked.path, " · ", Contents(checked.history), " (",
                                  MillisText(checked.seconds * 1e3), ")\n");
  for (const std::string& assumption : checked.history.assumptions) {
    absl::StrAppend(&text, "  assumed: ", assumption, "\n");
  }
  for (const judge::Verdict& verdict : checked.verdicts) {
    absl::StrAppend(&text, VerdictText(checked.history, verdict));
  }
  if (checked.verdicts.empty()) {
    absl::StrAppend(&text, "  unknown: this history cannot show what --for asks for\n");
  }
  return text;
}

Json JsonOf(const CheckedHistory& checked) {
  Json verdicts = Json::Array();
  for (const judge::Verdict& verdict : checked.verdicts) {
    Json json = Json::Object();
    json.Set("guarantee", NameOf(verdict.guarantee));
    json.Set("holds", WordOf(verdict.holds));
    if (!verdict.reason.empty()) json.Set("reason", verdict.reason);
    if (verdict.keys > 0) {
      json.Set("keys", verdict.keys);
      json.Set("bad_keys", verdict.bad_keys);
    }
    if (verdict.late_by && checked.history.has_times) {
      json.Set("late_by_ns", *verdict.late_by);
      json.Set("late_reads", static_cast<uint64_t>(verdict.late_reads.size()));
      json.Set("reads", verdict.reads);
    } else if (verdict.reads > 0 && judge::IsSessionGuarantee(verdict.guarantee)) {
      json.Set("bad_operations", verdict.bad_reads);
      json.Set("operations", verdict.reads);
    }
    Json witness = Json::Array();
    for (const size_t index : verdict.witness) {
      const Shown shown = ShownOf(checked.history, index);
      Json item = Json::Object();
      if (shown.line > 0) item.Set("line", shown.line);
      if (shown.answer_line > 0) item.Set("answer_line", shown.answer_line);
      item.Set("operation", shown.text);
      witness.Add(std::move(item));
    }
    if (!verdict.witness.empty()) json.Set("witness", std::move(witness));
    Json because = Json::Array();
    for (const std::string& line : verdict.because) because.Add(line);
    if (!verdict.because.empty()) json.Set("because", std::move(because));
    verdicts.Add(std::move(json));
  }
  Json assumptions = Json::Array();
  for (const std::string& assumption : checked.history.assumptions) assumptions.Add(assumption);
  Json json = Json::Object();
  json.Set("file", checked.path);
  json.Set("model", ModelText(checked.history.model));
  json.Set("holds", WordOf(OverallOf(checked.verdicts)));
  json.Set("assumptions", std::move(assumptions));
  json.Set("verdicts", std::move(verdicts));
  return json;
}

CheckPageHistory PageOf(const CheckedHistory& checked) {
  CheckPageHistory page;
  page.name = checked.path;
  page.contents = Contents(checked.history);
  page.assumptions = checked.history.assumptions;
  for (const judge::Verdict& verdict : checked.verdicts) {
    CheckPageVerdict shown;
    shown.guarantee = NameOf(verdict.guarantee);
    shown.reason = absl::StrCat(RateText(checked.history, verdict), verdict.reason);
    switch (verdict.holds) {
      case judge::Holds::kYes:
        shown.holds = CheckPageVerdict::Holds::kYes;
        break;
      case judge::Holds::kNo:
        shown.holds = CheckPageVerdict::Holds::kNo;
        shown.picture = PictureOf(checked.history, verdict);
        break;
      case judge::Holds::kUnknown:
        shown.holds = CheckPageVerdict::Holds::kUnknown;
        break;
    }
    page.verdicts.push_back(std::move(shown));
  }
  return page;
}

std::string CheckJUnit(const std::vector<CheckedHistory>& all) {
  std::vector<JUnitSuite> suites;
  for (const CheckedHistory& checked : all) {
    JUnitSuite suite;
    suite.name = checked.path;
    suite.seconds = checked.seconds;
    for (const judge::Verdict& verdict : checked.verdicts) {
      JUnitCase one{.name = NameOf(verdict.guarantee)};
      if (verdict.holds != judge::Holds::kYes) {
        const bool broken = verdict.holds == judge::Holds::kNo;
        one.outcome = broken ? JUnitCase::Outcome::kFailure : JUnitCase::Outcome::kError;
        one.type = broken ? "not held" : "not judged";
        one.message = verdict.reason;
        one.text = VerdictText(checked.history, verdict);
      }
      suite.cases.push_back(std::move(one));
    }
    suites.push_back(std::move(suite));
  }
  return JUnitXml("replsim check", suites);
}

}  // namespace replsim
