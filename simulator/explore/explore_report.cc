#include "simulator/explore/explore_report.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "simulator/analysis/reads/guarantee_order.h"
#include "simulator/explore/draw.h"
#include "simulator/metrics/format.h"
#include "simulator/promise/guarantee_promise.h"
#include "simulator/promise/promise.h"
#include "simulator/recording/run_folder.h"
#include "simulator/report/table.h"
#include "simulator/scenario/units.h"
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

// "2 faults, 1 client, 400ms, 3 replicas"
std::string Size(const proto::Scenario& scenario) {
  return absl::StrCat(Counted(static_cast<uint64_t>(scenario.faults_size()), "fault"), ", ",
                      Counted(scenario.workload().clients(), "client"), ", ",
                      ToText(scenario.duration()), ", ",
                      Counted(scenario.cluster().replicas(), "replica"));
}

// Adds what must hold: the invariants of every mode, plus what this mode promises. `kind`: of the
// failure.
void AddExpectations(const std::string& kind, proto::Scenario* scenario) {
  proto::Expect* expect = scenario->add_expect();
  const auto add = [expect](const char* metric, const char* test) {
    proto::Condition* condition = expect->add_condition();
    condition->set_metric(metric);
    condition->set_test(test);
  };
  add("converged", "== 1");
  add("holes", "== 0");
  if (PromiseOf(*scenario).keeps_acknowledged) add("protected_lost", "== 0");
  for (const GuaranteePromise& guarantee : GuaranteesOf(*scenario)) {
    // Other guarantees may not be judged: the run may have no reads.
    if (kind != absl::StrCat(kGuaranteeBroken, LabelOfGuarantee(guarantee.name))) continue;
    add(guarantee.name.c_str(), guarantee.name == "linearizable" ? "== yes" : "== 0");
  }
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

std::string FailureText(const ExploreHeading& heading, const Variant& variant,
                        const Exploration& exploration, const Finding& finding, bool only) {
  const Drawn drawn = Draw(variant.scenario, finding.first_seed, heading.draw);
  std::string text = absl::StrFormat("\n%s, %s, seed %d: %s\n", finding.verdict.kind, variant.name,
                                     finding.first_seed, finding.verdict.detail);
  for (const std::string& line : drawn.numbers) absl::StrAppend(&text, "drawn  ", line, "\n");
  absl::StrAppend(&text, FaultLines(drawn.scenario));
  if (finding.shrunk.has_value()) {
    const Shrunk& shrunk = *finding.shrunk;
    absl::StrAppend(&text, "shrunk from ", Size(drawn.scenario), " to ", Size(shrunk.scenario),
                    " in ", Counted(static_cast<uint64_t>(shrunk.trials), "trial"),
                    shrunk.finished ? "" : ", not completely", "\n", FaultLines(shrunk.scenario));
  }
  absl::StrAppend(&text, "repeat  ", RepeatCommand(heading, finding), "\n");
  if (finding.shrunk.has_value()) {
    const std::string path = FileOf(heading, exploration, finding, only).path;
    for (const char* runtime : {"virtual", "live"}) {
      absl::StrAppend(&text, "run  replsim run ", path, " --runtime ", runtime, "\n");
    }
  }
  return text;
}

}  // namespace

std::string RepeatCommand(const ExploreHeading& heading, const Finding& finding) {
  return absl::StrCat(heading.again, " --seed ", finding.first_seed, " --seeds 1");
}

ShrunkFile FileOf(const ExploreHeading& heading, const Exploration& exploration,
                  const Finding& finding, bool only) {
  const std::string& kind = finding.verdict.kind;
  const std::string stem = FileSafeName(absl::StrCat(
      only ? "" : absl::StrCat(exploration.variant, "-"), kind, "-seed-", finding.first_seed));
  LoadedScenario loaded;
  loaded.scenario = finding.shrunk->scenario;
  loaded.scenario.set_name(heading.scenario);
  loaded.scenario.set_question(absl::StrCat("What do these faults cause? Seed ", finding.first_seed,
                                            " of ", heading.scenario, " (", exploration.variant,
                                            ") ended as ", kind, "."));
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
    absl::StrAppend(&text, GuaranteedText(exploration));
  }
  for (size_t i = 0; i < explorations.size(); ++i) {
    for (const Finding& finding : explorations[i].findings) {
      if (!finding.verdict.failed) continue;
      absl::StrAppend(&text, FailureText(heading, variants[i], explorations[i], finding,
                                         explorations.size() == 1));
    }
  }
  return text;
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
