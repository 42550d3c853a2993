#include "simulator/explore/explore_report.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "simulator/analysis/reads/guarantee_order.h"
#include "simulator/explore/draw.h"
#include "simulator/explore/shrunk_file.h"
#include "simulator/metrics/format.h"
#include "simulator/recording/run_folder.h"
#include "simulator/report/table.h"
#include "simulator/scenario/write_yaml.h"

namespace replsim {
namespace {

constexpr size_t kWidth = 100;

std::string OutcomeTable(const std::vector<Exploration>& explorations) {
  Table table;
  table.heads = {"runs", "rate", "first seed"};
  for (const Exploration& exploration : explorations) {
    for (const Finding& finding : exploration.findings) {
      const double rate =
          100 * static_cast<double>(finding.count) / static_cast<double>(exploration.seeds);
      table.rows.push_back({absl::StrCat(exploration.variant, ": ", finding.verdict.kind),
                            {absl::StrCat(finding.count), absl::StrFormat("%.2f %%", rate),
                             absl::StrCat(finding.first_seed)},
                            finding.verdict.failed ? "FAILED" : ""});
    }
  }
  return LayOut(table, kWidth);
}

// Whether a stronger guarantee is promised in the same seeds.
bool IsImplied(const Exploration& exploration, const std::string& name, uint64_t seeds) {
  for (const Guarantee& guarantee : GuaranteesByStrength()) {
    const auto& implied = guarantee.implies;
    if (std::find(implied.begin(), implied.end(), name) == implied.end()) continue;
    const std::pair<std::string, uint64_t> same(guarantee.name, seeds);
    const auto& all = exploration.guaranteed;
    if (std::find(all.begin(), all.end(), same) != all.end()) return true;
  }
  return false;
}

// "async: readers are promised sequential in 7 runs, monotonic writes in 60"
std::string GuaranteedText(const Exploration& exploration) {
  std::vector<std::string> parts;
  for (const auto& [name, seeds] : exploration.guaranteed) {
    if (seeds == 0 || IsImplied(exploration, name, seeds)) continue;
    parts.push_back(
        absl::StrCat(LabelOfGuarantee(name), " in ", seeds, parts.empty() ? " runs" : ""));
  }
  if (parts.empty()) return "";
  return absl::StrCat(exploration.variant, ": readers are promised ", absl::StrJoin(parts, ", "),
                      "\n");
}

// What was drawn, the smallest scenario found, and the commands that repeat it.
std::string FindingText(const ExploreHeading& heading, const Variant& variant,
                        const Exploration& exploration, const Finding& finding, bool only) {
  const Drawn drawn = Draw(variant.scenario, finding.shown_seed(), heading.draw);
  std::string text = absl::StrFormat("\n%s, %s, seed %d: %s\n", finding.verdict.kind, variant.name,
                                     finding.shown_seed(), finding.verdict.detail);
  // An outcome that the mode does not exclude is explained by its smallest scenario alone.
  if (finding.verdict.failed || !finding.shrunk) {
    for (const std::string& line : drawn.numbers) absl::StrAppend(&text, "drawn  ", line, "\n");
    absl::StrAppend(&text, FaultLines(drawn.scenario));
  }
  if (finding.shrunk.has_value()) {
    const Shrunk& shrunk = *finding.shrunk;
    absl::StrAppend(&text, "shrunk from ", SizeInWords(drawn.scenario), " to ",
                    SizeInWords(shrunk.scenario), " in ",
                    Counted(static_cast<uint64_t>(shrunk.trials), "trial"),
                    shrunk.finished ? "" : ", not completely", "\n", FaultLines(shrunk.scenario),
                    "it takes ", FaultsInWords(shrunk.scenario), "\n");
  }
  absl::StrAppend(&text, "repeat: ", RepeatCommand(heading, finding), "\n");
  if (finding.shrunk.has_value()) {
    absl::StrAppend(&text, "run it: ", ShrunkRunCommand(heading, exploration, finding, only), "\n");
  }
  return text;
}

// "expectations of the scenario that were judged: acked_lost == 0, converged == 1"
std::string JudgedText(const Exploration& exploration) {
  if (exploration.judged.empty()) return "";
  std::vector<std::string> conditions;
  for (const proto::Condition& condition : exploration.judged) {
    conditions.push_back(absl::StrCat(condition.metric(), " ", condition.test()));
  }
  return absl::StrCat(exploration.variant,
                      ": expectations judged: ", absl::StrJoin(conditions, ", "), "\n");
}

// Says how to turn outcomes into failures, if there are any that are none.
std::string FailOnHint(const std::vector<Exploration>& explorations) {
  for (const std::string& kind : FailOnKinds()) {
    for (const Exploration& exploration : explorations) {
      for (const Finding& finding : exploration.findings) {
        if (finding.verdict.failed || !FailsOn(finding.verdict, {kind})) continue;
        return absl::StrCat("\n", finding.verdict.kind, " is not a failure of the mode; --fail-on ",
                            kind, " makes it one\n");
      }
    }
  }
  return "";
}

}  // namespace

std::string WholeCommand(const ExploreHeading& heading) {
  return absl::StrCat(heading.again, " --seed ", heading.first_seed, " --seeds ", heading.seeds);
}

std::string RepeatCommand(const ExploreHeading& heading, const Finding& finding) {
  return absl::StrCat(heading.again, " --seed ", finding.shown_seed(), " --seeds 1");
}

std::string ShrunkRunCommand(const ExploreHeading& heading, const Exploration& exploration,
                             const Finding& finding, bool only) {
  return absl::StrCat("replsim run ", FileOf(heading, exploration, finding, only).path,
                      " --runtime virtual");
}

ShrunkFile FileOf(const ExploreHeading& heading, const Exploration& exploration,
                  const Finding& finding, bool only) {
  const std::string& kind = finding.verdict.kind;
  const std::string stem = FileSafeName(absl::StrCat(
      only ? "" : absl::StrCat(exploration.variant, "-"),
      absl::StrReplaceAll(
          kind, {{": ", "-"}, {" ", "-"}, {"==", "is"}, {"<=", "at-most"}, {"<", "below"}}),
      "-seed-", finding.shown_seed()));
  LoadedScenario loaded;
  loaded.scenario = finding.shrunk->scenario;
  loaded.scenario.set_name(heading.scenario);
  loaded.scenario.set_question(absl::StrCat("What do these faults cause? Seed ",
                                            finding.shown_seed(), " of ", heading.scenario, " (",
                                            exploration.variant, ") ended as ", kind, "."));
  loaded.scenario.clear_answer();
  AddExpectations(kind, &loaded.scenario);
  return {absl::StrCat(heading.folder, "/", stem, ".yaml"), ToYaml(loaded)};
}

std::string ExploreText(const ExploreHeading& heading, const std::vector<Variant>& variants,
                        const std::vector<Exploration>& explorations) {
  std::string text = absl::StrFormat("%s · explored · seeds %d to %d\n\n", heading.scenario,
                                     heading.first_seed, heading.first_seed + heading.seeds - 1);
  absl::StrAppend(&text, OutcomeTable(explorations), "\n");
  for (const Exploration& exploration : explorations) {
    absl::StrAppendFormat(&text,
                          "%s: in %d of %d runs the mode promises to lose no acknowledged write; "
                          "protocol invariants were checked in all runs\n",
                          exploration.variant, exploration.promised, exploration.seeds);
    absl::StrAppend(&text, GuaranteedText(exploration), JudgedText(exploration));
  }
  for (size_t i = 0; i < explorations.size(); ++i) {
    for (const Finding& finding : explorations[i].findings) {
      if (!finding.verdict.failed && !finding.shrunk) continue;
      absl::StrAppend(&text, FindingText(heading, variants[i], explorations[i], finding,
                                         explorations.size() == 1));
    }
  }
  return text + FailOnHint(explorations);
}

int ExploreStatus(const std::vector<Exploration>& explorations) {
  int status = 0;
  for (const Exploration& exploration : explorations) {
    for (const Finding& finding : exploration.findings) {
      if (finding.verdict.kind == kRunFailed) return 70;
      if (finding.verdict.failed) status = 1;
    }
  }
  return status;
}

}  // namespace replsim
