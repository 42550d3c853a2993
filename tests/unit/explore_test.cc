// Exploring from a scenario to its text, with a trial that only looks at the faults.
#include <gmock/gmock.h>

#include "common/base/check.h"
#include "simulator/explore/draw.h"
#include "simulator/explore/drawn_expectations.h"
#include "simulator/explore/explore_outputs.h"
#include "simulator/explore/explore_report.h"
#include "simulator/explore/shrunk_file.h"
#include "tests/unit/explore_fixture.h"

namespace replsim::explore_test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
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

std::vector<std::string> TextsOf(const std::vector<proto::Condition>& conditions) {
  std::vector<std::string> texts;
  for (const proto::Condition& one : conditions) {
    texts.push_back(absl::StrCat(one.metric(), " ", one.test()));
  }
  return texts;
}

TEST(DrawnExpectations, AreThoseAboutTheDataThatHoldWithoutAFault) {
  const absl::StatusOr<LoadedScenario> loaded = LoadScenarioText(
      "duration: 5s\nworkload: {arrival: {rate: 500/s}}\nvary: {replication.preset: [async, "
      "sync]}\nexpect:\n"
      "  - {acked_lost: \"== 0\", write_p99_ms: \"< 10ms\", converged: \"== yes\"}\n"
      "  - {variant: async, stale_reads: \"> 0\", phantom_reads: \"<= 3\"}\n"
      "  - {variant: sync, linearizable: \"== yes\", stale_reads: \"<= async\", acked_lost: \"== "
      "0\"}\n",
      "base.yaml", {}, {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(TextsOf(DrawnExpectations(loaded->variants[0])),
              ElementsAre("acked_lost == 0", "converged == yes", "phantom_reads <= 3"));
  EXPECT_THAT(TextsOf(DrawnExpectations(loaded->variants[1])),
              ElementsAre("acked_lost == 0", "converged == yes", "linearizable == yes"));
}

TEST(DrawnExpectations, OneThatDoesNotHoldIsAnOutcomeWithWhatWasMeasured) {
  const Variant variant = LoadVariant("expect: [{acked_lost: \"<= 1\", phantom_reads: \"== 0\"}]");
  const std::vector<proto::Condition> judged = DrawnExpectations(variant);
  TrialEnd end{How::kReported, GoodReport(variant.scenario), ""};
  end.report.mutable_writes()->set_acked_lost(1);
  EXPECT_THAT(JudgeDrawnExpectations(judged, end), IsEmpty()) << "phantom reads are unknown";
  end.report.mutable_writes()->set_acked_lost(2);
  end.report.add_missing_faults("one did not happen");
  const std::vector<Verdict> verdicts = JudgeDrawnExpectations(judged, end);
  ASSERT_EQ(verdicts.size(), 1u);
  EXPECT_EQ(verdicts[0].kind, "not-held: acked_lost <= 1");
  EXPECT_EQ(verdicts[0].detail, "acknowledged, then lost <= 1, measured 2");
  EXPECT_FALSE(verdicts[0].failed);
  end.how = How::kDied;
  EXPECT_THAT(JudgeDrawnExpectations(judged, end), IsEmpty());
}

TEST(FaultsInWords, NamesKindsTargetsAndFailpoints) {
  EXPECT_EQ(FaultsInWords(WithFaults("", {})), "no fault");
  EXPECT_EQ(FaultsInWords(WithFaults("", {"when: {at: 1s}, do: power-loss, node: p",
                                          "when: {after_previous: 1s}, do: promote, node: best"})),
            "2 faults: power-loss p, promote best");
  EXPECT_EQ(FaultsInWords(WithFaults("", {"when: {at: 1s}, do: partition, from: p, to: [r1, r2]"})),
            "1 fault: partition p - r1, r2");
  EXPECT_EQ(FaultsInWords(WithFaults(
                "", {"when: {point: after-primary.ack, hit: 3}, do: kill, node: primary"})),
            "1 fault: kill primary at after-primary.ack");
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
    options.fail_on = fail_on_;
    uint64_t told = 0;
    const auto count = [&told](uint64_t done, uint64_t) { EXPECT_EQ(done, ++told); };
    std::vector<Exploration> explorations = {Explore(variants_[0], options, workers, count)};
    EXPECT_EQ(told, 60u);
    return explorations;
  }

  const Finding* Find(const std::vector<Exploration>& explorations, const std::string& kind) {
    for (const Finding& finding : explorations[0].findings) {
      if (finding.verdict.kind == kind) return &finding;
    }
    return nullptr;
  }

  std::vector<std::string> fail_on_;
  const std::vector<Variant> variants_ = {
      LoadVariant("replication: {preset: async}\nexpect: [{acked_lost: \"== 0\"}]")};
  const ExploreHeading heading_ = {"base", "replsim explore base.yaml", "runs/base/explore", 100,
                                   60};
};

TEST_F(ExploreFake, OutcomesAreCountedAndTheFirstFailureIsShrunk) {
  const std::vector<Exploration> explorations = Explored(1);
  const Exploration& found = explorations[0];
  EXPECT_EQ(found.variant, "async");
  uint64_t total = 0;
  for (const Finding& finding : found.findings) total += finding.count;
  const Finding* not_held = Find(explorations, "not-held: acked_lost == 0");
  ASSERT_TRUE(not_held != nullptr);
  EXPECT_EQ(total, 60u + not_held->count) << "these are outcomes of runs that have another one";
  ASSERT_EQ(found.findings.size(), 4u);
  const Finding& failure = found.findings.back();
  EXPECT_TRUE(failure.verdict.failed) << "failures come last";
  EXPECT_THAT(failure.verdict.kind, HasSubstr("check-explore_test.cc-"));
  ASSERT_TRUE(failure.shrunk.has_value());
  EXPECT_EQ(failure.shrunk->scenario.faults_size(), 2);
  EXPECT_EQ(failure.shrunk->scenario.workload().clients(), 1u);
  EXPECT_EQ(ExploreStatus(explorations), 1);
}

TEST_F(ExploreFake, ALossThatTheModeDoesNotExcludeIsShrunkToo) {
  const std::vector<Exploration> explorations = Explored(1);
  for (const char* kind : {kUnpromisedLoss, "not-held: acked_lost == 0"}) {
    const Finding* finding = Find(explorations, kind);
    ASSERT_TRUE(finding != nullptr) << kind;
    EXPECT_FALSE(finding->verdict.failed);
    ASSERT_TRUE(finding->shrunk.has_value()) << kind;
    EXPECT_THAT(FaultsInWords(finding->shrunk->scenario), HasSubstr(", promote "));
    EXPECT_LE(finding->shrunk->scenario.faults_size(), 2);
    EXPECT_LE(finding->shrunk->trials, ExploreOptions().shrink_trials_unfailed);
    const ShrunkFile file = FileOf(heading_, explorations[0], *finding, true);
    EXPECT_THAT(ExploreText(heading_, variants_, explorations),
                HasSubstr(absl::StrCat("run it: replsim run ", file.path, " --runtime virtual\n")));
  }
  EXPECT_THAT(FileOf(heading_, explorations[0], *Find(explorations, kUnpromisedLoss), true).yaml,
              HasSubstr("acked_lost: \"> 0\""));
  EXPECT_FALSE(Find(explorations, kAsPromised)->shrunk.has_value());
}

TEST_F(ExploreFake, FailOnMakesAnOutcomeAFailure) {
  EXPECT_THAT(ExploreText(heading_, variants_, Explored(1)),
              HasSubstr("unpromised-loss is not a failure of the mode; --fail-on unpromised-loss "
                        "makes it one\n"));
  fail_on_ = {kUnpromisedLoss};
  std::vector<Exploration> explorations = Explored(1);
  EXPECT_TRUE(Find(explorations, kUnpromisedLoss)->verdict.failed);
  EXPECT_FALSE(Find(explorations, "not-held: acked_lost == 0")->verdict.failed);
  fail_on_ = {"not-held"};
  explorations = Explored(1);
  EXPECT_FALSE(Find(explorations, kUnpromisedLoss)->verdict.failed);
  EXPECT_TRUE(Find(explorations, "not-held: acked_lost == 0")->verdict.failed);
  std::erase_if(explorations[0].findings,
                [](const Finding& finding) { return finding.verdict.kind.find("not-held") != 0; });
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
  EXPECT_THAT(text, HasSubstr(absl::StrCat(
                        "it takes 2 faults: ", FaultsInWords(failure.shrunk->scenario).substr(10),
                        "\nrepeat: replsim explore base.yaml --seed ", failure.first_seed,
                        " --seeds 1\nrun it: replsim run ", file.path, " --runtime virtual\n")));
  EXPECT_THAT(text, HasSubstr("async: expectations judged: acked_lost == 0\n"));
}

TEST_F(ExploreFake, JUnitHasACaseForEachKindOfFailure) {
  const std::vector<Exploration> explorations = Explored(2);
  const Finding& failure = explorations[0].findings.back();
  const std::string xml = ExploreJUnit(heading_, explorations);
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"base.async\" tests=\"3\" failures=\"1\""));
  EXPECT_THAT(xml, HasSubstr("name=\"unpromised-loss\" time=\"0.000\">\n      <system-out>"));
  EXPECT_THAT(xml,
              HasSubstr("it takes 2 faults: power-loss primary at before-primary.send, promote "));
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
  EXPECT_THAT(
      json,
      HasSubstr("\"takes\": \"2 faults: power-loss primary at before-primary.send, promote "));
  EXPECT_THAT(json, HasSubstr("{when: {after_previous: 0s}, do: promote, node: "));
  EXPECT_THAT(
      json, HasSubstr(absl::StrCat(
                "\"run\": \"", ShrunkRunCommand(heading_, explorations[0], failure, true), "\"")));
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
