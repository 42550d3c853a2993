// The states of the primary, the cost of its loss, and the effects of a change of leadership, on
// recordings written by hand. An entry has FakeRecording::kRecordBytes bytes.
#include "simulator/analysis/availability/primary_states.h"

#include <gtest/gtest.h>

#include <utility>

#include "simulator/analysis/availability/outage_table.h"
#include "simulator/analysis/availability/recovery.h"
#include "simulator/analysis/durability/expected_loss.h"
#include "simulator/analysis/durability/exposure.h"
#include "simulator/analysis/evidence/stages.h"
#include "simulator/analysis/lag/lag.h"
#include "simulator/analysis/writes/lost_bytes.h"
#include "tests/unit/fake_recording.h"

namespace replsim::primary_states_test {
namespace {

using proto::RunEvent;

WorkloadFacts Gate(bool of_replicas, const std::string& on_timeout) {
  WorkloadFacts facts;
  facts.waits_for_replicas = of_replicas;
  facts.on_timeout = on_timeout;
  return facts;
}

proto::RunReport::PrimaryStates StatesOf(const FakeRecording& fake, const WorkloadFacts& facts) {
  const Recording recording = fake.Done();
  return MeasurePrimaryStates(recording, LeadershipHistory(recording), facts);
}

proto::Recovery RecoveryOf(const FakeRecording& fake, const WorkloadFacts& facts) {
  const Recording recording = fake.Done();
  return MeasureRecovery(recording, LeadershipHistory(recording), facts);
}

proto::RunReport::ExpectedLoss LossOf(const FakeRecording& fake) {
  const Recording recording = fake.Done();
  const LeadershipHistory leadership_history(recording);
  const OutageTable outages(recording, leadership_history);
  ReceivedByReplicas received;
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    if (!recording.nodes[node].trace) continue;
    const StepFunction<StagePosition> steps =
        StageSteps(*recording.nodes[node].trace, kReceiveStage);
    received.Add(node, BuildLagCurve(leadership_history, node, steps));
  }
  return MeasureExpectedLoss(
      recording, leadership_history,
      ExposureCurves(recording, leadership_history, outages.times, std::move(received)));
}

// p leads from 900 ms, dies at 1500; r1 leads from 1700 on, having taken over the entry of 1100.
FakeRecording Failover() {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
  fake.Append("p", 1100, 1, 1).Reaches("r1", 1110, 1, 1);
  fake.Event(1500, RunEvent::KILLED, "p");
  fake.Leads("r1", 1700, 2, 1);
  return fake;
}

TEST(PrimaryStates, AddUpToTheLoad) {
  FakeRecording fake = Failover();
  fake.Trace("p", 1200, TraceKind::kDegraded, 1, 1).Trace("p", 1250, TraceKind::kProtected, 1, 1);
  fake.Trace("p", 1450, TraceKind::kDegraded, 1, 1);  // until it died
  fake.Trace("r1", 1800, TraceKind::kDegraded, 2, 1);
  fake.Trace("r1", 1860, TraceKind::kProtected, 2, 1);
  const auto states = StatesOf(fake, Gate(true, "degrade"));
  EXPECT_DOUBLE_EQ(states.no_primary_ms(), 200);
  EXPECT_DOUBLE_EQ(states.degraded_ms(), 50 + 50 + 60);
  EXPECT_DOUBLE_EQ(states.protected_ms(), 1000 - 200 - 160);
  EXPECT_FALSE(states.has_rejecting_ms());
  EXPECT_FALSE(states.has_unguarded_ms());
  EXPECT_DOUBLE_EQ(StatesOf(fake, Gate(true, "reject")).rejecting_ms(), 160);
}

TEST(PrimaryStates, AnInSyncSetIsShortUntilEnoughReplicasHaveJoined) {
  FakeRecording fake = Failover();
  fake.Trace("p", 1050, TraceKind::kJoinsSet, 1, 0, "r1");
  fake.Trace("p", 1400, TraceKind::kLeavesSet, 1, 0, "r1");
  WorkloadFacts facts = Gate(true, "block");
  EXPECT_FALSE(StatesOf(fake, facts).has_short_set_ms());
  facts.in_sync_size = 0;
  EXPECT_DOUBLE_EQ(StatesOf(fake, facts).short_set_ms(), 50 + 100 + 300);
  facts.never_lead = 1;
  EXPECT_DOUBLE_EQ(StatesOf(fake, facts).short_set_ms(), 0);
}

TEST(PrimaryStates, WithoutAGateOfReplicasNothingIsProtected) {
  const auto states = StatesOf(Failover(), Gate(false, "block"));
  EXPECT_DOUBLE_EQ(states.unguarded_ms(), 800);
  EXPECT_FALSE(states.has_protected_ms());
}

TEST(PrimaryStates, OfAnUnknownGateSayOnlyWhetherSomebodyLed) {
  EXPECT_DOUBLE_EQ(StatesOf(Failover(), {}).no_primary_ms(), 200);
  EXPECT_FALSE(StatesOf(Failover(), {}).has_unguarded_ms());
  EXPECT_FALSE(StatesOf(FakeRecording({"p"}), Gate(true, "block")).has_no_primary_ms())
      << "no leadership was recorded";
}

TEST(PrimaryStates, ADegradedPrimaryThatIsReplacedStaysSoUntilThen) {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
  fake.Trace("p", 950, TraceKind::kDegraded, 1, 0);  // before the load
  fake.Leads("r1", 1300, 2, 0);
  fake.Trace("p", 1600, TraceKind::kProtected, 1, 0);  // has no effect any more
  EXPECT_DOUBLE_EQ(StatesOf(fake, Gate(true, "degrade")).degraded_ms(), 300);
}

TEST(Recovery, RedundancyComesWithTheFirstProtectedCommitOfItsOwn) {
  FakeRecording fake = Failover();
  fake.Trace("r1", 1705, TraceKind::kCommit, 2, 1);  // inherited
  fake.Append("r1", 1710, 2, 2).Trace("r1", 1800, TraceKind::kDegraded, 2, 1);
  fake.Trace("r1", 1801, TraceKind::kCommit, 2, 2);  // alone
  fake.Append("r1", 1820, 2, 3).Trace("r1", 1850, TraceKind::kProtected, 2, 3);
  fake.Trace("r1", 1851, TraceKind::kCommit, 2, 3);
  EXPECT_DOUBLE_EQ(RecoveryOf(fake, Gate(true, "degrade")).redundancy_ms(), 151);
  EXPECT_FALSE(RecoveryOf(fake, Gate(false, "block")).has_redundancy_ms());
}

TEST(Recovery, AnInSyncSetOfThePrimaryAloneIsNoRedundancy) {
  FakeRecording fake = Failover();
  fake.Append("r1", 1710, 2, 2).Trace("r1", 1711, TraceKind::kCommit, 2, 2);
  WorkloadFacts facts = Gate(true, "block");
  facts.in_sync_size = 1;
  EXPECT_EQ(RecoveryOf(fake, facts).never_redundant(), 1u);
  fake.Append("r1", 1800, 2, 3).Trace("r1", 1810, TraceKind::kPeerReceive, 2, 3, "p");
  fake.Trace("r1", 1812, TraceKind::kCommit, 2, 3);
  EXPECT_DOUBLE_EQ(RecoveryOf(fake, facts).redundancy_ms(), 112);
}

TEST(Recovery, WithoutOneItIsNever) {
  const auto recovery = RecoveryOf(Failover(), Gate(true, "block"));
  EXPECT_FALSE(recovery.has_redundancy_ms());
  EXPECT_EQ(recovery.never_redundant(), 1u);
}

TEST(Recovery, TheNewestSurvivorIsTheLastEntryTakenOver) {
  EXPECT_DOUBLE_EQ(RecoveryOf(Failover(), {}).newest_survivor_ms(), 600);
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900).Leads("r1", 1500, 2, 0);
  EXPECT_FALSE(RecoveryOf(fake, {}).has_newest_survivor_ms()) << "it took over nothing";
  FakeRecording late = Failover();
  late.manifest().set_load_end_ns(1600 * kMs);
  EXPECT_FALSE(RecoveryOf(late, {}).has_newest_survivor_ms()) << "after the load";
}

// 2 entries acknowledged at 1100 and received at 1150, 4 more at 1400 that are never received.
TEST(ExpectedLoss, IsTheAverageWhileAPrimaryLed) {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
  fake.Append("p", 1100, 1, 2).Trace("p", 1100, TraceKind::kCommit, 1, 2);
  fake.Reaches("r1", 1150, 1, 2);
  fake.Append("p", 1400, 1, 6).Trace("p", 1400, TraceKind::kCommit, 1, 6);
  fake.Event(1500, RunEvent::KILLED, "p");
  const auto loss = LossOf(fake);
  EXPECT_DOUBLE_EQ(loss.over_ms(), 500) << "what is at risk after its death is lost already";
  EXPECT_DOUBLE_EQ(loss.writes(), (2 * 50 + 4 * 100) / 500.0);
  EXPECT_DOUBLE_EQ(loss.bytes(), 100 * loss.writes());
}

TEST(ExpectedLoss, IsAbsentWithoutAReplica) {
  FakeRecording fake({"p"});
  fake.Started("p", 900).Leads("p", 900, 1, 0);
  fake.Append("p", 1100, 1, 2).Trace("p", 1100, TraceKind::kCommit, 1, 2);
  EXPECT_FALSE(LossOf(fake).has_writes());
}

TEST(LostBytes, AreOfTheLogRecordsOfLostWrites) {
  FakeRecording fake = Failover();
  fake.manifest().set_final_primary("r1");
  fake.Log(fake.Write(1, 1, 1099, 1101, proto::COMMITTED, 1, 1), 1, 1, "r1");
  fake.Append("p", 1300, 1, 4);
  fake.Write(1, 1, 1299, 1301, proto::COMMITTED, 1, 2);
  fake.Write(2, 1, 1299, 1302, proto::COMMITTED, 1, 4);
  const auto bytes = [](const Recording& recording) {
    const FinalLog final_log(recording);
    return AckedLostBytes(recording, LeadershipHistory(recording),
                          DecideFates(recording, final_log));
  };
  EXPECT_EQ(bytes(fake.Done()), 200u);
  fake.node("p").trace.reset();
  EXPECT_FALSE(bytes(fake.Done()).has_value()) << "nobody knows how large they were";
}

}  // namespace
}  // namespace replsim::primary_states_test
