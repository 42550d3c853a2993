// The conditions that fail a run, in every output.
#include "simulator/analysis/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/analysis/promised.h"
#include "tests/unit/fake_recording.h"

namespace replsim::verdict_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// One run whose writes' fates are known.
proto::Report OneRun() {
  proto::Report report;
  proto::RunReport& run = *report.add_runs();
  run.set_variant("async");
  run.mutable_writes()->set_acked_survived(10);
  return report;
}

TEST(Verdict, IsHeldWhereNothingSpeaksAgainstIt) {
  proto::Report report = OneRun();
  report.add_expectations()->set_held(true);
  EXPECT_EQ(DecideVerdict(report), proto::Report::HELD);
  EXPECT_EQ(ExitStatus(report), 0);
  EXPECT_THAT(VerdictReasons(report), IsEmpty());
}

TEST(Verdict, AnExpectationThatDidNotHoldOrCannotBeJudgedDecides) {
  proto::Report report = OneRun();
  report.add_expectations();
  EXPECT_EQ(ExitStatus(report), 2);
  report.add_expectations()->set_held(false);
  EXPECT_EQ(ExitStatus(report), 1);
}

TEST(Verdict, AViolatedInvariantFailsTheRunThoughNobodyExpectsAnything) {
  proto::Report report = OneRun();
  report.mutable_runs(0)->add_breaches("did not converge: r1 is down");
  SetVerdict(report);
  EXPECT_EQ(report.verdict(), proto::Report::FAILED);
  EXPECT_THAT(report.verdict_reasons(),
              ElementsAre("invariant violated: async: did not converge: r1 is down"));
  EXPECT_EQ(ExitStatus(report), 1);
}

TEST(Verdict, WritesWhoseFateIsNotKnownAreNotJudged) {
  proto::Report report = OneRun();
  report.mutable_runs(0)->mutable_writes()->clear_acked_survived();
  EXPECT_EQ(ExitStatus(report), 2);
  EXPECT_THAT(VerdictReasons(report), ElementsAre(HasSubstr("the fate of its writes")));
}

TEST(Verdict, ARunWithoutOneOfItsFaultsIsNotJudgedThoughNoConditionAsks) {
  proto::Report report = OneRun();
  report.mutable_runs(0)->add_missing_faults("fault 1: kill p never happened");
  EXPECT_EQ(ExitStatus(report), 2);
  EXPECT_THAT(VerdictReasons(report),
              ElementsAre("not judged: async: fault 1: kill p never happened"));
}

// A scenario under which a mode of that gate promises, or does not, what it acknowledged.
proto::Scenario Failover(proto::AckStage ack_after) {
  proto::Scenario scenario;
  scenario.mutable_cluster()->set_replicas(2);
  scenario.mutable_cluster()->mutable_durability()->set_sync(proto::EVERY_BATCH);
  scenario.mutable_replication()->set_ack_after(ack_after);
  scenario.mutable_replication()->mutable_sync_set()->set_kind(proto::SyncSetSpec::ANY_OF);
  scenario.mutable_replication()->mutable_sync_set()->set_count(1);
  proto::Fault& kill = *scenario.add_faults();
  kill.set_do_(proto::KILL);
  kill.set_node("p");
  proto::Fault& promote = *scenario.add_faults();
  promote.set_do_(proto::PROMOTE);
  promote.set_node("best");
  promote.mutable_when()->mutable_after_previous()->set_ns(1);
  return scenario;
}

proto::RunReport Losing(uint64_t lost, uint64_t protected_lost) {
  proto::RunReport report;
  report.mutable_writes()->set_acked_lost(lost);
  report.mutable_writes()->set_protected_lost(protected_lost);
  return report;
}

TEST(Promise, ALossThatNothingPromisedAgainstIsNoViolation) {
  proto::RunReport report = Losing(3, 3);
  CheckPromise(Failover(proto::FLUSH), FakeRecording({"p"}).Done(), report);
  EXPECT_FALSE(report.promise().keeps_acknowledged());
  EXPECT_THAT(report.promise().because(), HasSubstr("does not wait for a replica"));
  EXPECT_EQ(report.promise().faults(), 2u);
  EXPECT_THAT(report.breaches(), IsEmpty());
}

TEST(Promise, ALossThatBreaksItIsAViolation) {
  proto::RunReport report = Losing(3, 2);
  CheckPromise(Failover(proto::REPLICA_FLUSH), FakeRecording({"p"}).Done(), report);
  EXPECT_TRUE(report.promise().keeps_acknowledged());
  EXPECT_THAT(report.breaches(),
              ElementsAre(HasSubstr("promise broken: 3 acknowledged writes lost, 2 of them")));
}

TEST(Promise, AnAnswerThatSaidItWasUnprotectedBreaksNone) {
  proto::RunReport report = Losing(3, 0);
  CheckPromise(Failover(proto::REPLICA_FLUSH), FakeRecording({"p"}).Done(), report);
  EXPECT_THAT(report.breaches(), IsEmpty());
}

TEST(Promise, NothingIsSaidWhereMoreHappenedThanTheScenarioNames) {
  FakeRecording died({"p", "r1"});
  died.Event(1500, proto::RunEvent::EXITED, "r1", "", "signal 9");
  proto::RunReport report = Losing(3, 3);
  CheckPromise(Failover(proto::REPLICA_FLUSH), died.Done(), report);
  EXPECT_FALSE(report.promise().has_keeps_acknowledged());
  EXPECT_THAT(report.promise().because(), HasSubstr("r1 ended unexpectedly"));
  EXPECT_THAT(report.breaches(), IsEmpty());

  FakeRecording by_hand({"p"});
  by_hand.manifest().set_faults_by_hand(1);
  report = Losing(3, 3);
  CheckPromise(Failover(proto::REPLICA_FLUSH), by_hand.Done(), report);
  EXPECT_FALSE(report.promise().has_keeps_acknowledged());
}

}  // namespace
}  // namespace replsim::verdict_test
