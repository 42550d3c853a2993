#include "simulator/explore/explore.h"

#include <algorithm>
#include <utility>

#include "simulator/explore/draw.h"
#include "simulator/explore/drawn_expectations.h"
#include "simulator/fault_kinds/fault_kind.h"
#include "simulator/promise/guarantee_promise.h"
#include "simulator/promise/promise.h"

namespace replsim {
namespace {

using Conditions = std::vector<proto::Condition>;

// All outcomes of one run: that of the mode, then one for each condition that did not hold. The
// failure of a mode leaves no meaning to the conditions.
std::vector<Verdict> OutcomesOf(const proto::Scenario& scenario, const TrialEnd& end,
                                const Conditions& conditions,
                                const std::vector<std::string>& fail_on) {
  std::vector<Verdict> verdicts = {Judge(scenario, end)};
  if (!verdicts[0].failed) {
    for (Verdict& verdict : JudgeDrawnExpectations(conditions, end)) {
      verdicts.push_back(std::move(verdict));
    }
  }
  for (Verdict& verdict : verdicts) verdict.failed |= FailsOn(verdict, fail_on);
  return verdicts;
}

bool Has(const std::vector<Verdict>& verdicts, const std::string& kind) {
  return std::any_of(verdicts.begin(), verdicts.end(),
                     [&](const Verdict& verdict) { return verdict.kind == kind; });
}

// Returns whether a replica is promoted although no fault before it has ended the primary. An
// operator would not do that, and every mode may lose writes then.
bool PromotesBesideAPrimary(const proto::Scenario& scenario) {
  for (const proto::Fault& fault : scenario.faults()) {
    if (fault.do_() == proto::PROMOTE) return true;
    const bool of_primary = fault.node() == "p" || fault.node() == "primary";
    if (of_primary && KillsNode(fault.do_())) return false;
  }
  return false;
}

Finding& Of(const Verdict& verdict, uint64_t seed, std::vector<Finding>* findings) {
  for (Finding& finding : *findings) {
    if (finding.verdict.kind == verdict.kind) return finding;
  }
  return findings->emplace_back(Finding{verdict, 0, seed});
}

// Counts an outcome of a seed that drew `drawn`.
void Count(const Verdict& verdict, const proto::Scenario& drawn, uint64_t seed,
           std::vector<Finding>* findings) {
  Finding& finding = Of(verdict, seed, findings);
  const bool careful = !PromotesBesideAPrimary(drawn);
  if (finding.count == 0) finding.is_careful = careful;
  ++finding.count;
  if (verdict.failed || finding.is_careful || !careful) return;
  finding.is_careful = true;
  finding.careful_seed = seed;
  finding.verdict = verdict;
}

// Removes healing faults that have nothing to heal. Such a fault counts as not fired, and a run
// with faults that have not fired is not judged.
void DropNeedlessHealing(Workers& workers, int healing, const std::string& kind,
                         const Conditions& conditions, Shrunk* shrunk) {
  if (healing == 0) return;
  TrialEnd end = workers.RunOne(shrunk->scenario);
  for (int left = healing; left > 0; --left) {
    std::vector<size_t> kept;
    const int dropped = shrunk->scenario.faults_size() - left;
    for (int i = 0; i < shrunk->scenario.faults_size(); ++i) {
      if (i != dropped) kept.push_back(static_cast<size_t>(i));
    }
    const proto::Scenario without = KeepFaults(shrunk->scenario, kept);
    const TrialEnd next = workers.RunOne(without);
    if (!Has(OutcomesOf(without, next, conditions, {}), kind)) continue;
    if (next.report.missing_faults_size() >= end.report.missing_faults_size()) continue;
    shrunk->scenario = without;
    end = next;
  }
}

Shrunk ShrinkFirst(const Variant& variant, const Finding& finding, const Conditions& conditions,
                   const ExploreOptions& options, Workers& workers) {
  const std::string& kind = finding.verdict.kind;
  const Drawn drawn = Draw(variant.scenario, finding.shown_seed(), options.draw);
  // An unpromised loss is shrunk to the smallest operation that loses, not to a worse one.
  const bool careful = !finding.verdict.failed && !PromotesBesideAPrimary(drawn.scenario);
  const auto ends_alike = [&](const proto::Scenario& candidate) {
    if (careful && PromotesBesideAPrimary(candidate)) return false;
    return Has(OutcomesOf(candidate, workers.RunOne(candidate), conditions, {}), kind);
  };
  Shrunk shrunk =
      Shrink(drawn.scenario, ends_alike,
             finding.verdict.failed ? options.shrink_trials : options.shrink_trials_unfailed,
             drawn.healing);
  DropNeedlessHealing(workers, drawn.healing, kind, conditions, &shrunk);
  return shrunk;
}

// A run that could not be done, or whose node refused to lead, leaves no report of what happened.
bool CanBeShrunk(const Verdict& verdict) {
  return verdict.kind != kAsPromised && verdict.kind != kRunFailed && verdict.kind != kCorruptLog;
}

void CountGuaranteed(const proto::Scenario& drawn, Exploration* exploration) {
  const std::vector<GuaranteePromise> guarantees = GuaranteesOf(drawn);
  exploration->guaranteed.resize(guarantees.size());
  for (size_t i = 0; i < guarantees.size(); ++i) {
    auto& [name, seeds] = exploration->guaranteed[i];
    name = guarantees[i].name;
    if (guarantees[i].promised) ++seeds;
  }
}

}  // namespace

Exploration Explore(const Variant& variant, const ExploreOptions& options, Workers& workers,
                    const ExploreProgress& progress) {
  Exploration exploration;
  exploration.variant = variant.name;
  exploration.judged = DrawnExpectations(variant);
  const auto scenario_of = [&](uint64_t i) {
    return Draw(variant.scenario, options.first_seed + i, options.draw).scenario;
  };
  uint64_t failed = 0;
  const auto take = [&](uint64_t i, TrialEnd end) {
    ++exploration.seeds;
    // Drawn again instead of kept: the number of trials that wait for a verdict is not bounded, and
    // a draw is cheap.
    const proto::Scenario drawn = scenario_of(i);
    if (PromiseOf(drawn).keeps_acknowledged) ++exploration.promised;
    CountGuaranteed(drawn, &exploration);
    bool any_failed = false;
    for (const Verdict& verdict : OutcomesOf(drawn, end, exploration.judged, options.fail_on)) {
      Count(verdict, drawn, options.first_seed + i, &exploration.findings);
      any_failed |= verdict.failed;
    }
    if (any_failed) ++failed;
    progress(i + 1, failed);
  };
  workers.Run(options.seeds, scenario_of, take, options.stops);
  std::stable_partition(exploration.findings.begin(), exploration.findings.end(),
                        [](const Finding& finding) { return !finding.verdict.failed; });
  for (Finding& finding : exploration.findings) {
    if (!CanBeShrunk(finding.verdict)) continue;
    if (options.stops()) break;
    finding.shrunk = ShrinkFirst(variant, finding, exploration.judged, options, workers);
  }
  return exploration;
}

}  // namespace replsim
