// Exploring from a scenario to its text, with a trial that only looks at the faults.
#include <gmock/gmock.h>

#include "common/base/check.h"
#include "simulator/explore/draw.h"
#include "simulator/explore/explore_outputs.h"
#include "simulator/explore/explore_report.h"
#include "tests/unit/explore_fixture.h"

namespace replsim::explore_test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using How = TrialEnd::How;

Verdict JudgeReport(const proto::Scenario& scenario, const proto::RunReport& report) {
  return Judge(scenario, {How::kReported, report, ""});
}

TEST(Judge, ALossFailsOnlyWhereItBreaksAPromise) {
  const std::vector<std::string> failover = {
      "when: {at: 1s}, do: kill, node: primary",
      "when: {after_previous: 10ms}, do: promote, node: best"};
  const proto::Scenario async = WithFaults("", failover);
  const proto::Scenario quorum = WithFaults("replication: {preset: quorum}", failover);
  proto::RunReport report = GoodReport(async);
  EXPECT_EQ(JudgeReport(async, report).kind, kAsPromised);
  report.mutable_writes()->set_acked_lost(2);
  EXPECT_EQ(JudgeReport(quorum, report).kind, kUnpromisedLoss) << "both were unprotected";
  report.mutable_writes()->set_protected_lost(1);
  EXPECT_EQ(JudgeReport(async, report).kind, kUnpromisedLoss);
  EXPECT_FALSE(JudgeReport(async, report).failed);
  EXPECT_EQ(JudgeReport(quorum, report).kind, "lost-write");
  EXPECT_TRUE(JudgeReport(quorum, report).failed);
}

TEST(Judge, WhatMustNeverHappenFailsInAnyMode) {
  const proto::Scenario scenario = WithFaults("", {});
  const auto kind_of = [&](const std::function<void(proto::RunReport*)>& spoil) {
    proto::RunReport report = GoodReport(scenario);
    spoil(&report);
    EXPECT_TRUE(JudgeReport(scenario, report).failed);
    return JudgeReport(scenario, report).kind;
  };
  EXPECT_EQ(kind_of([](auto* r) { r->mutable_writes()->set_rejected_survived(1); }),
            "rejected-survived");
  EXPECT_EQ(kind_of([](auto* r) { r->mutable_writes()->set_holes(1); }), "hole");
  EXPECT_EQ(kind_of([](auto* r) {
              r->mutable_divergence()->set_converged(false);
              r->add_breaches("did not converge: r1 has applied 0 of 1");
              r->add_breaches("final read of r1 differs from the log of p");
            }),
            "not-converged");
  EXPECT_EQ(kind_of([](auto* r) {
              r->add_breaches("p and r1 have both applied up to 71, and their data differs");
            }),
            "violation-and-have-both-applied-up");
  EXPECT_EQ(kind_of([](auto* r) { r->set_complete(false); }), kRunFailed);
}

TEST(Judge, AHealedCoreThatTakesNoWritesMakesNoProgress) {
  proto::Scenario scenario = WithFaults("", {});
  proto::Condition* condition = scenario.add_expect()->add_condition();
  condition->set_metric("unavailable_at_end_ms");
  condition->set_test("< 1000ms");
  proto::RunReport report = GoodReport(scenario);
  report.mutable_availability()->set_unavailable_at_end_ms(999);
  EXPECT_FALSE(JudgeReport(scenario, report).failed);
  report.mutable_availability()->set_unavailable_at_end_ms(1000);
  EXPECT_EQ(JudgeReport(scenario, report).kind, "no-progress");
  EXPECT_TRUE(JudgeReport(scenario, report).failed);
}

TEST(Judge, AnInvariantIsKnownByItsPlaceInTheCode) {
  const proto::Scenario scenario = WithFaults("", {});
  const auto kind_of = [&](How how, const std::string& words) {
    return Judge(scenario, {how, {}, words}).kind;
  };
  EXPECT_EQ(kind_of(How::kDied, "/a/core/primary_core.cc:12: check failed: a <= b: a=3: 4"),
            "check-primary_core.cc-12");
  EXPECT_EQ(kind_of(How::kDied, "killed by Segmentation fault"), "died");
  EXPECT_EQ(kind_of(How::kStuck, ""), "stuck");
  EXPECT_EQ(kind_of(How::kFailed, "no room"), kRunFailed);
}

// An invariant fails if a replica is killed while another fault cuts a link; a promotion loses
// writes.
absl::StatusOr<proto::RunReport> FakeTrial(const proto::Scenario& scenario) {
  REPL_CHECK(!Does(scenario, proto::KILL) || !Does(scenario, proto::PARTITION), "cut and killed");
  proto::RunReport report = GoodReport(scenario);
  if (Does(scenario, proto::PROMOTE)) {
    report.mutable_writes()->set_acked_lost(1);
    report.mutable_writes()->set_protected_lost(1);
  }
  return report;
}

class ExploreFake : public testing::Test {
 protected:
  std::vector<Exploration> Explored(int jobs) {
    Workers workers(FakeTrial, jobs, Millis(60'000));
    ExploreOptions options;
    options.first_seed = 100;
    options.seeds = 60;
    uint64_t told = 0;
    const auto count = [&told](uint64_t done, uint64_t) { EXPECT_EQ(done, ++told); };
    std::vector<Exploration> explorations = {Explore(variants_[0], options, workers, count)};
    EXPECT_EQ(told, 60u);
    return explorations;
  }

  const std::vector<Variant> variants_ = {LoadVariant("replication: {preset: async}")};
  const ExploreHeading heading_ = {"base", "replsim explore base.yaml", "runs/base/explore", 100,
                                   60};
};

TEST_F(ExploreFake, OutcomesAreCountedAndTheFirstFailureIsShrunk) {
  const std::vector<Exploration> explorations = Explored(1);
  const Exploration& found = explorations[0];
  EXPECT_EQ(found.variant, "async");
  uint64_t total = 0;
  for (const Finding& finding : found.findings) total += finding.count;
  EXPECT_EQ(total, 60u);
  ASSERT_EQ(found.findings.size(), 3u);
  const Finding& failure = found.findings.back();
  EXPECT_TRUE(failure.verdict.failed) << "failures come last";
  EXPECT_THAT(failure.verdict.kind, HasSubstr("check-explore_test.cc-"));
  ASSERT_TRUE(failure.shrunk.has_value());
  EXPECT_EQ(failure.shrunk->scenario.faults_size(), 2);
  EXPECT_EQ(failure.shrunk->scenario.workload().clients(), 1u);
  EXPECT_EQ(ExploreStatus(explorations), 1);
}

TEST_F(ExploreFake, TheTextIsTheSameWhateverTheNumberOfProcesses) {
  EXPECT_EQ(ExploreText(heading_, variants_, Explored(3)),
            ExploreText(heading_, variants_, Explored(1)));
}

TEST_F(ExploreFake, TheTextEndsWithTheCommandsThatRepeatIt) {
  const std::vector<Exploration> explorations = Explored(2);
  const Finding& failure = explorations[0].findings.back();
  const std::string text = ExploreText(heading_, variants_, explorations);
  const ShrunkFile file = FileOf(heading_, explorations[0], failure, true);
  EXPECT_THAT(text, StartsWith("base · explored · seeds 100 to 159\n\n"));
  EXPECT_THAT(text, HasSubstr("async: unpromised-loss"));
  EXPECT_THAT(text, HasSubstr(absl::StrCat("async: in ", explorations[0].promised, " of ",
                                           explorations[0].seeds, " runs the mode promises")));
  EXPECT_LT(explorations[0].promised, explorations[0].seeds);
  EXPECT_THAT(text, HasSubstr("async: readers are promised linearizable in "));
  EXPECT_THAT(text, HasSubstr(" runs, monotonic writes in 60, writes follow reads in 60\n"));
  EXPECT_THAT(text, HasSubstr("drawn  kinds of fault: "));
  EXPECT_THAT(text, HasSubstr(FaultLines(failure.shrunk->scenario)));
  EXPECT_THAT(text, EndsWith(absl::StrCat("repeat  replsim explore base.yaml --seed ",
                                          failure.first_seed, " --seeds 1\nrun  replsim run ",
                                          file.path, " --runtime virtual\nrun  replsim run ",
                                          file.path, " --runtime live\n")));
}

TEST_F(ExploreFake, JUnitHasACaseForEachKindOfFailure) {
  const std::vector<Exploration> explorations = Explored(2);
  const Finding& failure = explorations[0].findings.back();
  const std::string xml = ExploreJUnit(heading_, explorations);
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"base.async\" tests=\"1\" failures=\"1\""));
  EXPECT_THAT(xml, HasSubstr(absl::StrCat("type=\"", failure.verdict.kind, "\"")));
  EXPECT_THAT(xml, HasSubstr(RepeatCommand(heading_, failure)));
  Exploration good = explorations[0];
  std::erase_if(good.findings, [](const Finding& finding) { return finding.verdict.failed; });
  EXPECT_THAT(ExploreJUnit(heading_, {good}),
              HasSubstr("name=\"no seed failed\" time=\"0.000\"/>"));
}

TEST_F(ExploreFake, JsonHasEachOutcomeAndHowToRepeatIt) {
  const std::vector<Exploration> explorations = Explored(2);
  const Finding& failure = explorations[0].findings.back();
  const std::string json = ExploreJson(heading_, explorations).ToText();
  EXPECT_THAT(json, HasSubstr("\"kind\": \"as-promised\""));
  EXPECT_THAT(json,
              HasSubstr(absl::StrCat("\"command\": \"replsim explore base.yaml --seed ",
                                     heading_.first_seed, " --seeds ", heading_.seeds, "\"")));
  EXPECT_THAT(json, HasSubstr("\"monotonic_writes\": 60"));
  EXPECT_THAT(json, HasSubstr(absl::StrCat("\"first_seed\": ", failure.first_seed)));
  EXPECT_THAT(json,
              HasSubstr(absl::StrCat("\"file\": \"runs/base/explore/", failure.verdict.kind)));
}

TEST_F(ExploreFake, TheFileOfAFailureFailsAlike) {
  const std::vector<Exploration> explorations = Explored(2);
  const Finding& failure = explorations[0].findings.back();
  const ShrunkFile file = FileOf(heading_, explorations[0], failure, true);
  EXPECT_EQ(file.path, absl::StrCat("runs/base/explore/", failure.verdict.kind, "-seed-",
                                    failure.first_seed, ".yaml"));
  const absl::StatusOr<LoadedScenario> loaded = LoadScenarioText(file.yaml, file.path, {}, {});
  ASSERT_TRUE(loaded.ok()) << loaded.status() << "\n" << file.yaml;
  EXPECT_THAT(file.yaml, HasSubstr("{converged: \"== 1\", holes: \"== 0\", protected_lost: "));
  Workers workers(FakeTrial, 1, Millis(60'000));
  const proto::Scenario& scenario = loaded->variants[0].scenario;
  EXPECT_EQ(Judge(scenario, workers.RunOne(scenario)).kind, failure.verdict.kind);
}

TEST(ExploreStatus, RunsThatCannotBeDoneAreOurOwnFailure) {
  Workers workers([](const proto::Scenario&) { return absl::UnimplementedError("not built in"); },
                  1, Millis(60'000));
  ExploreOptions options;
  options.seeds = 3;
  const Variant variant = LoadVariant("");
  const Exploration found = Explore(variant, options, workers, [](uint64_t, uint64_t) {});
  EXPECT_EQ(ExploreStatus({found}), 70);
  const std::string text = ExploreText({"base", "again", "folder", 1, 3}, {variant}, {found});
  EXPECT_THAT(text, HasSubstr("not built in"));
  EXPECT_THAT(text, Not(HasSubstr("shrunk")));
}

}  // namespace
}  // namespace replsim::explore_test
