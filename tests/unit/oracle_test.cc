// Each rule is broken once by hand, next to the same recording in which it holds.
#include "simulator/oracle/oracle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/scenario/scenario.h"
#include "tests/unit/fake_recording.h"

namespace replsim::oracle_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

proto::Scenario Resolved(const std::string& replication, const std::string& more = "") {
  const absl::StatusOr<LoadedScenario> loaded = LoadScenarioText(
      "name: rules\nduration: 1s\ncluster: {replicas: 2}\nreplication: " + replication +
          "\nworkload: {clients: 1, arrival: {rate: 100/s}, mix: {write: 1, read: 1}, keys: "
          "{count: 5}}\n" +
          more,
      "rules.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->variants[0].scenario : proto::Scenario();
}

// p leads and has flushed up to 5, which r1 has flushed, and both primary and client know.
FakeRecording Story() {
  FakeRecording fake({"p", "r1", "r2"});
  fake.Started("p", 900).Leads("p", 901, 1, 0).Started("r1", 900).Started("r2", 900);
  for (const TraceKind kind : {TraceKind::kAppend, TraceKind::kWrite, TraceKind::kFlush}) {
    fake.Trace("p", 1010, kind, 1, 5).Trace("r1", 1020, kind, 1, 5);
  }
  fake.Trace("p", 1012, TraceKind::kSend, 1, 5, "r1");
  return fake;
}

TEST(ForgottenFlushes, WhatWasFlushedIsThereAtTheNextStart) {
  EXPECT_THAT(
      FindForgottenFlushes(Resolved("{preset: sync}"), Story().Started("r1", 1500, 5).Done()),
      IsEmpty());
  EXPECT_THAT(
      FindForgottenFlushes(Resolved("{preset: sync}"), Story().Started("r1", 1500, 4).Done()),
      ElementsAre("r1 started with a log up to 4, but had reported up to 5 as flushed"));
}

TEST(ForgottenFlushes, WhatWasCutIsNotExpected) {
  FakeRecording fake = Story();
  fake.Trace("r1", 1400, TraceKind::kTruncated, 1, 3).Started("r1", 1500, 3);
  EXPECT_THAT(FindForgottenFlushes(Resolved("{preset: sync}"), fake.Done()), IsEmpty());
}

TEST(ForgottenFlushes, NothingIsExpectedOfADiskWhoseBitsTurn) {
  FakeRecording fake = Story();
  fake.Event(1400, proto::RunEvent::BIT_FLIPPED, "r1").Started("r1", 1500, 2);
  EXPECT_THAT(FindForgottenFlushes(Resolved("{preset: sync}"), fake.Done()), IsEmpty());
}

TEST(FalseReports, APrimaryKnowsOfAReplicaWhatHadHappenedThere) {
  FakeRecording fake = Story();
  fake.Trace("r1", 1100, TraceKind::kApply, 1, 5);
  fake.Trace("p", 1030, TraceKind::kPeerFlush, 1, 5, "r1");
  EXPECT_THAT(FindFalseReports(fake.Done()), IsEmpty());
  fake.Trace("p", 1031, TraceKind::kPeerApply, 1, 5, "r1");
  EXPECT_THAT(
      FindFalseReports(fake.Done()),
      ElementsAre("p learned that r1 had applied up to 5, but it had applied only up to 0"));
}

TEST(EarlyReleases, AGateWaitsForTheSetThatTheKnobsName) {
  const proto::Scenario two = Resolved(
      "{preset: sync, ack_after: replica-flush, visible_after: replica-flush, sync_set: any 2}");
  FakeRecording fake = Story();
  fake.Trace("p", 1030, TraceKind::kPeerFlush, 1, 5, "r1");
  fake.Trace("p", 1040, TraceKind::kCommit, 1, 5);
  EXPECT_THAT(FindEarlyReleases(Resolved("{preset: sync, ack_after: replica-flush, visible_after: "
                                         "replica-flush, sync_set: any 1}"),
                                fake.Done()),
              IsEmpty());
  EXPECT_THAT(FindEarlyReleases(two, fake.Done()),
              ElementsAre("p released writes up to 5, but its knobs allow them only up to 0"));
}

TEST(EarlyReleases, AGateWaitsForTheReplicasInTheInSyncSet) {
  const proto::Scenario scenario = Resolved("{preset: \"postgres:on\", in_sync: {size: 2}}",
                                            "failover: {preset: \"patroni:sync\"}\n");
  FakeRecording fake = Story();
  fake.Trace("p", 1001, TraceKind::kJoinsSet, 1, 0, "r1");
  fake.Trace("p", 1030, TraceKind::kPeerFlush, 1, 5, "r1");
  fake.Trace("p", 1040, TraceKind::kCommit, 1, 5);
  EXPECT_THAT(FindEarlyReleases(scenario, fake.Done()), IsEmpty());
  FakeRecording two = Story();
  two.Trace("p", 1001, TraceKind::kJoinsSet, 1, 0, "r1");
  two.Trace("p", 1002, TraceKind::kJoinsSet, 1, 0, "r2");
  two.Trace("p", 1030, TraceKind::kPeerFlush, 1, 5, "r1");
  FakeRecording left = two;
  two.Trace("p", 1040, TraceKind::kCommit, 1, 5);
  EXPECT_THAT(FindEarlyReleases(scenario, two.Done()),
              ElementsAre("p released writes up to 5, but its knobs allow them only up to 0"));
  left.Trace("p", 1035, TraceKind::kLeavesSet, 1, 0, "r2")
      .Trace("p", 1040, TraceKind::kCommit, 1, 5);
  EXPECT_THAT(FindEarlyReleases(scenario, left.Done()), IsEmpty());
}

TEST(EarlyReleases, AReplicaJoinsTheInSyncSetWithAllThatWasReleased) {
  const proto::Scenario scenario =
      Resolved("{preset: \"postgres:on\"}", "failover: {preset: \"patroni:sync\"}\n");
  FakeRecording fake = Story();
  fake.Trace("p", 1030, TraceKind::kCommit, 1, 5);
  FakeRecording caught_up = fake;
  caught_up.Trace("p", 1031, TraceKind::kPeerFlush, 1, 5, "r1");
  caught_up.Trace("p", 1032, TraceKind::kJoinsSet, 1, 0, "r1");
  EXPECT_THAT(FindEarlyReleases(scenario, caught_up.Done()), IsEmpty());
  fake.Trace("p", 1031, TraceKind::kPeerFlush, 1, 4, "r1");
  fake.Trace("p", 1032, TraceKind::kJoinsSet, 1, 0, "r1");
  EXPECT_THAT(
      FindEarlyReleases(scenario, fake.Done()),
      ElementsAre("r1 joined the in-sync set of p with writes up to 4 only, but those up to "
                  "5 were released"));
}

TEST(EarlyReleases, NothingIsSentBeforeTheStageThatTheKnobsName) {
  FakeRecording fake = Story();
  fake.Trace("p", 1015, TraceKind::kWrite, 1, 6).Trace("p", 1016, TraceKind::kSend, 1, 6, "r1");
  EXPECT_THAT(FindEarlyReleases(Resolved("{preset: async, send_after: write}"), fake.Done()),
              IsEmpty());
  EXPECT_THAT(FindEarlyReleases(Resolved("{preset: async, send_after: flush}"), fake.Done()),
              ElementsAre("p sent writes up to 6, but its knobs allow them only up to 5"));
}

TEST(EarlyReleases, AClientIsToldOfWhatWasReleasedOnly) {
  FakeRecording fake = Story();
  fake.Trace("p", 1030, TraceKind::kCommit, 1, 5);
  fake.Write(0, 1, 1005, 1035, proto::COMMITTED, 1, 5, "p");
  EXPECT_THAT(FindEarlyReleases(Resolved("{preset: async}"), fake.Done()), IsEmpty());
  fake.Write(0, 1, 1005, 1036, proto::COMMITTED, 1, 6, "p");
  EXPECT_THAT(FindEarlyReleases(Resolved("{preset: async}"), fake.Done()),
              ElementsAre("p acknowledged write 1:6 to a client, but had released only up to 5"));
}

TEST(EarlyApplies, AReplicaThatWaitsForTheCommitWaitsForIt) {
  const proto::Scenario scenario = Resolved(
      "{preset: sync, ack_after: replica-flush, visible_after: replica-flush, replica_apply: "
      "on-commit}");
  FakeRecording fake = Story();
  fake.Trace("r1", 1001, TraceKind::kConnected, 1, 0)
      .Trace("r2", 1001, TraceKind::kConnected, 1, 0);
  fake.Trace("p", 1040, TraceKind::kCommit, 1, 5).Trace("r1", 1050, TraceKind::kApply, 1, 5);
  EXPECT_THAT(FindEarlyApplies(scenario, fake.Done()), IsEmpty());
  fake.Trace("r2", 1035, TraceKind::kApply, 1, 5);
  EXPECT_THAT(
      FindEarlyApplies(scenario, fake.Done()),
      ElementsAre(HasSubstr("r2 applied up to 5, but primaries had released only up to 0")));
}

TEST(EarlyApplies, AnElectedReplicaThatTakesOverAtOnceAppliesWhatItInherits) {
  const std::string mode =
      "{preset: sync, ack_after: replica-flush, visible_after: replica-flush, replica_apply: "
      "on-commit}";
  FakeRecording fake = Story();
  fake.Trace("r1", 1001, TraceKind::kConnected, 1, 0);
  fake.Trace("r1", 1500, TraceKind::kElected, 2, 5).Trace("r1", 1501, TraceKind::kApply, 2, 5);
  fake.Leads("r1", 1502, 2, 5);
  const auto found = [&](const char* take_over) {
    return FindEarlyApplies(Resolved(mode, absl::StrCat("failover: {take_over: ", take_over, "}")),
                            fake.Done());
  };
  EXPECT_THAT(found("at-once"), IsEmpty());
  EXPECT_THAT(found("own-record"),
              ElementsAre(HasSubstr("r1 applied up to 5, but primaries had released only up to")));
}

TEST(WrongReads, WhoKnowsThatItLeadsNoMoreAnswersNoReadOfThePrimary) {
  const proto::Scenario scenario = Resolved("{preset: async}");
  FakeRecording fake = Story();
  fake.Trace("p", 1100, TraceKind::kFenced, 2, 0);
  fake.Read(0, 1, 1090, 1110, "p", 1, 5);  // it was asked before
  EXPECT_THAT(FindWrongReads(scenario, fake.Done(), {}), IsEmpty());
  fake.Read(0, 1, 1120, 1130, "p", 1, 5);
  EXPECT_THAT(FindWrongReads(scenario, fake.Done(), {}),
              ElementsAre(HasSubstr("p answered a read addressed to the primary")));
}

TEST(WrongReads, AnElectedPrimaryMayShowInheritedWritesAndLoseThem) {
  proto::RunReport report;
  report.mutable_promise()->set_keeps_acknowledged(true);
  report.mutable_consistency()->mutable_phantom_reads()->set_count(1);
  const auto found = [&](const char* take_over) {
    const std::string failover =
        absl::StrCat("failover: {preset: \"patroni:sync\", take_over: ", take_over, "}\n");
    return FindWrongReads(Resolved("{preset: \"postgres:on\"}", failover), Story().Done(), report);
  };
  EXPECT_THAT(found("at-once"), IsEmpty());
  EXPECT_THAT(found("own-record"), ElementsAre("1 reads returned a write that was lost later"));
}

TEST(WrongReads, OnlyAReadThatCarriesATokenMustWait) {
  proto::RunReport report;
  report.mutable_writes()->set_acked_lost(0);
  report.mutable_consistency()->mutable_read_your_writes()->set_count(2);
  report.mutable_consistency()->mutable_monotonic_reads()->set_count(3);
  proto::Scenario scenario = Resolved("{preset: async}");
  const auto found = [&](proto::ReadWait wait, const char* from) {
    scenario.mutable_workload()->set_read_wait(wait);
    scenario.mutable_workload()->mutable_read_from()->set_node(from);
    return FindWrongReads(scenario, Story().Done(), report).size();
  };
  EXPECT_EQ(found(proto::FOR_POSITION, "any-replica"), 2u);
  EXPECT_EQ(found(proto::FOR_OWN_WRITES, "any-replica"), 1u) << "it may go back";
  EXPECT_EQ(found(proto::NO_WAIT, "any-replica"), 0u);
  EXPECT_EQ(found(proto::FOR_POSITION, "primary"), 0u) << "the primary is asked without a token";
}

TEST(Leftovers, WhatWasCutIsKept) {
  FakeRecording fake = Story();
  proto::Manifest::NodeEnd* end = fake.manifest().add_ends();
  end->set_node("r1");
  end->set_truncated_entries(3);
  fake.node("r1").rollback_bytes = 300;
  EXPECT_THAT(FindMissingFlushesAndRollbacks(Resolved("{preset: async}"), fake.Done()), IsEmpty());
  fake.node("r1").rollback_bytes = 0;
  EXPECT_THAT(FindMissingFlushesAndRollbacks(Resolved("{preset: async}"), fake.Done()),
              ElementsAre(HasSubstr("r1 truncated 3 log entries and kept none of them")));
}

TEST(Leftovers, AnIntervalOfFlushesGoesOn) {
  const proto::Scenario scenario = Resolved("{preset: async}");
  proto::Scenario at_intervals = scenario;
  at_intervals.mutable_cluster()->mutable_durability()->set_sync(proto::INTERVAL);
  at_intervals.mutable_cluster()->mutable_durability()->mutable_interval()->set_ns(100 * kMs);
  FakeRecording fake = Story();
  fake.Trace("p", 1100, TraceKind::kWrite, 1, 6).Trace("p", 2900, TraceKind::kWrite, 1, 7);
  EXPECT_THAT(FindMissingFlushesAndRollbacks(scenario, fake.Done()), IsEmpty());
  EXPECT_THAT(FindMissingFlushesAndRollbacks(at_intervals, fake.Done()),
              ElementsAre(HasSubstr("p left writes unflushed for 1800 ms")));
}

TEST(Leftovers, ANodeFlushesAsItsRoleDoes) {
  proto::Scenario scenario = Resolved("{preset: async}");
  proto::Durability* durability = scenario.mutable_cluster()->mutable_durability();
  durability->set_sync(proto::INTERVAL);
  durability->mutable_interval()->set_ns(100 * kMs);
  durability->mutable_replica()->set_sync(proto::OS);
  FakeRecording fake = Story();
  fake.Trace("r1", 1100, TraceKind::kWrite, 1, 6).Trace("r1", 2900, TraceKind::kWrite, 1, 7);
  EXPECT_THAT(FindMissingFlushesAndRollbacks(scenario, fake.Done()), IsEmpty());
  durability->set_sync(proto::OS);
  durability->mutable_replica()->set_sync(proto::INTERVAL);
  EXPECT_THAT(FindMissingFlushesAndRollbacks(scenario, fake.Done()),
              ElementsAre(HasSubstr("r1 left writes unflushed for 1800 ms")));
}

TEST(Leftovers, AFlushMayTakeItsTime) {
  proto::Scenario scenario = Resolved("{preset: async}");
  scenario.mutable_cluster()->mutable_durability()->set_sync(proto::INTERVAL);
  scenario.mutable_cluster()->mutable_durability()->mutable_interval()->set_ns(100 * kMs);
  FakeRecording fake = Story();
  fake.Trace("p", 1100, TraceKind::kWrite, 1, 6).Trace("p", 2900, TraceKind::kWrite, 1, 7);
  fake.Trace("p", 2950, TraceKind::kFlushEnd, 0, 6);
  fake.node("p").trace->back().bytes = 1500 * kMs;
  EXPECT_THAT(FindMissingFlushesAndRollbacks(scenario, fake.Done()), IsEmpty());
}

}  // namespace
}  // namespace replsim::oracle_test
