#include "simulator/explore/explore.h"

#include <algorithm>
#include <utility>

#include "simulator/explore/draw.h"
#include "simulator/promise/guarantee_promise.h"
#include "simulator/promise/promise.h"

namespace replsim {
namespace {

Finding& Of(const Verdict& verdict, uint64_t seed, std::vector<Finding>* findings) {
  for (Finding& finding : *findings) {
    if (finding.verdict.kind == verdict.kind) return finding;
  }
  return findings->emplace_back(Finding{verdict, 0, seed, std::nullopt});
}

// Removes healing faults that have nothing to heal. Such a fault counts as not fired, and a run
// with faults that have not fired is not judged.
void DropNeedlessHealing(Workers& workers, int healing, Shrunk* shrunk) {
  if (healing == 0) return;
  TrialEnd end = workers.RunOne(shrunk->scenario);
  const std::string kind = Judge(shrunk->scenario, end).kind;
  for (int left = healing; left > 0; --left) {
    std::vector<size_t> kept;
    const int dropped = shrunk->scenario.faults_size() - left;
    for (int i = 0; i < shrunk->scenario.faults_size(); ++i) {
      if (i != dropped) kept.push_back(static_cast<size_t>(i));
    }
    const proto::Scenario without = KeepFaults(shrunk->scenario, kept);
    const TrialEnd next = workers.RunOne(without);
    if (Judge(without, next).kind != kind) continue;
    if (next.report.missing_faults_size() >= end.report.missing_faults_size()) continue;
    shrunk->scenario = without;
    end = next;
  }
}

Shrunk ShrinkFirst(const Variant& variant, const Finding& finding, const ExploreOptions& options,
                   Workers& workers) {
  const auto fails_alike = [&](const proto::Scenario& candidate) {
    return Judge(candidate, workers.RunOne(candidate)).kind == finding.verdict.kind;
  };
  const Drawn drawn = Draw(variant.scenario, finding.first_seed, options.draw);
  Shrunk shrunk = Shrink(drawn.scenario, fails_alike, options.shrink_trials, drawn.healing);
  DropNeedlessHealing(workers, drawn.healing, &shrunk);
  return shrunk;
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
  const auto scenario_of = [&](uint64_t i) {
    return Draw(variant.scenario, options.first_seed + i, options.draw).scenario;
  };
  uint64_t failed = 0;
  const auto take = [&](uint64_t i, TrialEnd end) {
    ++exploration.seeds;
    // Drawn again instead of kept: the number of trials that wait for a verdict is not bounded, and
    // a draw is cheap.
    const proto::Scenario drawn = scenario_of(i);
    const Verdict verdict = Judge(drawn, end);
    if (PromiseOf(drawn).keeps_acknowledged) ++exploration.promised;
    CountGuaranteed(drawn, &exploration);
    ++Of(verdict, options.first_seed + i, &exploration.findings).count;
    if (verdict.failed) ++failed;
    progress(i + 1, failed);
  };
  workers.Run(options.seeds, scenario_of, take, options.stops);
  std::stable_partition(exploration.findings.begin(), exploration.findings.end(),
                        [](const Finding& finding) { return !finding.verdict.failed; });
  for (Finding& finding : exploration.findings) {
    if (!finding.verdict.failed || finding.verdict.kind == kRunFailed) continue;
    if (options.stops()) break;
    finding.shrunk = ShrinkFirst(variant, finding, options, workers);
  }
  return exploration;
}

}  // namespace replsim
