// Each deliberate mistake is found by exploring a scenario, and without one the same seeds find
// nothing. What counts as found is what exploring always calls a failure.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/mutant.h"
#include "simulator/command/virtual_trial.h"
#include "simulator/explore/draw.h"
#include "simulator/explore/judge.h"
#include "simulator/explore/workers.h"
#include "simulator/report/table.h"
#include "simulator/scenario/scenario.h"

namespace replsim {
namespace {

constexpr uint64_t kBatch = 20;
constexpr int kJobs = 2;

// Which scenario shows which mistake.
struct Case {
  Mutant mutant;
  const char* scenario;
};
constexpr Case kCases[] = {
    {Mutant::kAckBeforeFlush, "restart"},   {Mutant::kApplyOutOfOrder, "far"},
    {Mutant::kSkipOnReconnect, "resync"},   {Mutant::kApplyTwiceAfterRetry, "retry"},
    {Mutant::kAcceptStaleEpoch, "far"},     {Mutant::kTruncateTooLittle, "resync"},
    {Mutant::kTruncateTooMuch, "resync"},   {Mutant::kForgetEpochOnRestart, "restart"},
    {Mutant::kCountOneReplicaTwice, "far"}, {Mutant::kStayProtectedWhileDegraded, "resync"},
};

// ./dev test asks for few, ./dev test --full for many.
uint64_t SeedsMax() {
  const char* wanted = std::getenv("REPLSIM_MUTANT_SEEDS");
  if (wanted == nullptr) return 500;
  uint64_t seeds = 0;
  EXPECT_TRUE(absl::SimpleAtoi(wanted, &seeds)) << wanted;
  return seeds;
}

proto::Scenario Load(const std::string& name) {
  const absl::StatusOr<LoadedScenario> loaded =
      LoadScenario(absl::StrCat(REPLSIM_MUTANT_SCENARIOS "/", name, ".yaml"), {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->variants[0].scenario : proto::Scenario();
}

struct Found {
  uint64_t seed = 0;  // 0: nothing was found
  Verdict verdict;
};

// The first seed that fails.
Found Search(const proto::Scenario& base, Mutant mutant, uint64_t seeds_max) {
  setenv("REPLSIM_MUTANT", Name(mutant).c_str(), 1);  // for the workers, which are forked here
  Workers workers(VirtualTrial(), kJobs, Millis(60'000));
  Found found;
  for (uint64_t first = 1; first <= seeds_max && found.seed == 0; first += kBatch) {
    const auto scenario_of = [&](uint64_t i) { return Draw(base, first + i).scenario; };
    const uint64_t count = std::min(kBatch, seeds_max - first + 1);
    workers.Run(count, scenario_of, [&](uint64_t i, const TrialEnd& end) {
      Verdict verdict = Judge(scenario_of(i), end);
      if (verdict.failed && found.seed == 0) found = {first + i, std::move(verdict)};
    });
  }
  return found;
}

TEST(Mutants, EachIsCaught) {
  Table table;
  table.heads = {"caught as", "in scenario", "seeds to detection"};
  for (const auto& [mutant, scenario] : kCases) {
    const Found found = Search(Load(scenario), mutant, SeedsMax());
    EXPECT_GT(found.seed, 0u) << Name(mutant) << " was not caught";
    EXPECT_NE(found.verdict.kind, kRunFailed) << Name(mutant) << ": " << found.verdict.detail;
    table.rows.push_back(
        {Name(mutant), {found.verdict.kind, scenario, absl::StrCat(found.seed)}, ""});
  }
  std::fputs(LayOut(table, 100).c_str(), stdout);
}

TEST(Mutants, WithoutOneNothingIsFound) {
  for (const char* scenario : {"far", "resync", "restart", "retry"}) {
    const Found found = Search(Load(scenario), Mutant::kNone, SeedsMax());
    EXPECT_EQ(found.seed, 0u) << scenario << ": " << found.verdict.kind << ": "
                              << found.verdict.detail;
  }
}

}  // namespace
}  // namespace replsim
