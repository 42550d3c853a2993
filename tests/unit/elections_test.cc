#include "simulator/analysis/availability/elections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/analysis/availability.h"
#include "simulator/analysis/evidence/election_records.h"
#include "simulator/analysis/timeline/lead_lanes.h"
#include "tests/unit/fake_recording.h"

namespace replsim::elections_test {
namespace {

using proto::RunEvent;

proto::RunReport::Availability Outage(const Recording& recording) {
  const LeadershipHistory history(recording);
  return MeasureAvailability(recording, history, DecideFates(recording, FinalLog(recording)),
                             OutageTable(recording, history));
}

proto::Elections Figures(const Recording& recording, const WorkloadFacts& facts = {}) {
  const LeadershipHistory history(recording);
  return MeasureElections(recording, history, OutageTable(recording, history), facts, {});
}

proto::LeadLanes Lanes(const Recording& recording) {
  const LeadershipHistory history(recording);
  return BuildLeadLanes(recording, history, OutageTable(recording, history));
}

// r1 suspects p at 1500 ms, is elected for epoch 2 at 1520 with the vote of r2, and leads at 1530.
// Its clients find it at 1545 and have a write at 1550. The last write of p was at 1110 ms.
FakeRecording Elected() {
  FakeRecording fake({"p", "r1", "r2"});
  fake.manifest().set_final_primary("r1");
  for (const char* node : {"p", "r1", "r2"}) fake.Started(node, 800);
  fake.Leads("p", 900, 1, 0).Trace("r1", 1500, TraceKind::kSuspects, 1, 0);
  fake.Trace("r1", 1510, TraceKind::kAsksPreVotes, 2, 0);
  fake.Trace("r1", 1512, TraceKind::kStands, 2, 0);
  fake.Trace("r2", 1515, TraceKind::kVotes, 2, 0, "r1");
  fake.Trace("r1", 1520, TraceKind::kElected, 2, 0).Leads("r1", 1530, 2, 0);
  fake.Event(1531, RunEvent::ELECTED, "r1").Event(1545, RunEvent::PRIMARY_FOUND, "r1", "client");
  fake.Write(1, 1, 1100, 1110, proto::COMMITTED, 1, 1);
  fake.Write(1, 1, 1546, 1550, proto::COMMITTED, 2, 1, "r1");
  return fake;
}

FakeRecording Killed() {
  FakeRecording fake = Elected();
  fake.Event(1400, RunEvent::KILLED, "p");
  return fake;
}

void ExpectParts(const proto::RunReport::Availability& outage, double detect, double elect,
                 double promote, double discover, double first_write) {
  EXPECT_DOUBLE_EQ(outage.detect_ms(), detect);
  EXPECT_DOUBLE_EQ(outage.elect_ms(), elect);
  EXPECT_DOUBLE_EQ(outage.promote_ms(), promote);
  EXPECT_DOUBLE_EQ(outage.discover_ms(), discover);
  EXPECT_DOUBLE_EQ(outage.first_write_ms(), first_write);
  EXPECT_DOUBLE_EQ(outage.rto_ms(), detect + elect + promote + discover + first_write);
}

TEST(Elections, AVoteThatComesAfterTheElectionMakesNoElector) {
  FakeRecording fake({"p", "r1", "r2", "r3"});
  fake.manifest().set_final_primary("r1");
  for (const char* node : {"p", "r1", "r2", "r3"}) fake.Started(node, 800);
  fake.Trace("r3", 1200, TraceKind::kSuspects, 1, 0);  // partitioned
  fake.Leads("p", 900, 1, 0).Trace("r1", 1500, TraceKind::kSuspects, 1, 0);
  fake.Trace("r1", 1512, TraceKind::kStands, 2, 0);
  fake.Trace("r2", 1515, TraceKind::kVotes, 2, 0, "r1");
  fake.Trace("r1", 1520, TraceKind::kElected, 2, 0).Leads("r1", 1530, 2, 0);
  fake.Trace("r3", 1540, TraceKind::kVotes, 2, 0, "r1");  // the partition has healed
  EXPECT_THAT(ElectionRecords(fake.Done()).ElectorsOf(1, 2), testing::ElementsAre(1, 2));
}

TEST(Parts, OfAnElectionAddUpToTheOutage) {
  ExpectParts(Outage(Killed().Done()), 100, 20, 10, 15, 5);
}

TEST(Parts, ClientsThatAreToldNeedNoDiscovery) {
  const Recording found = Killed().Done();
  Recording told = found;
  std::erase_if(told.events,
                [](const RunEvent& event) { return event.kind() == RunEvent::PRIMARY_FOUND; });
  ExpectParts(Outage(told), 100, 20, 10, 0, 20);
}

TEST(Parts, ASuspicionFromBeforeTheOutageDetectsItAtOnce) {
  FakeRecording fake = Elected();
  fake.Event(1505, RunEvent::KILLED, "p");
  ExpectParts(Outage(fake.Done()), 0, 15, 10, 15, 5);
}

TEST(Parts, ASuspicionThatWasOverBeforeTheOutageDetectsNothing) {
  FakeRecording fake = Killed();
  fake.Trace("r2", 1200, TraceKind::kSuspects, 1, 0);
  EXPECT_DOUBLE_EQ(Outage(fake.Done()).detect_ms(), 0);
  fake.Append("r2", 1210, 1, 1);
  ExpectParts(Outage(fake.Done()), 100, 20, 10, 15, 5);
  FakeRecording anew = Killed();
  anew.Trace("r1", 1200, TraceKind::kSuspects, 1, 0);
  ExpectParts(Outage(anew.Done()), 100, 20, 10, 15, 5);
}

TEST(Parts, OnlyTheNodesThatElectedTheNewPrimaryDetect) {
  FakeRecording voter = Killed();
  voter.Trace("r2", 1450, TraceKind::kSuspects, 1, 0);
  ExpectParts(Outage(voter.Done()), 50, 70, 10, 15, 5);
  FakeRecording cut({"p", "r1", "r2", "r3"});
  FakeRecording killed = Killed();
  for (const TraceRecord& record : *killed.node("r1").trace) {
    cut.node("r1").trace->push_back(record);
  }
  cut.Leads("p", 900, 1, 0).Event(1400, RunEvent::KILLED, "p");
  cut.Trace("r3", 1420, TraceKind::kSuspects, 1, 0);
  cut.Write(1, 1, 1546, 1550, proto::COMMITTED, 2, 1, "r1");
  EXPECT_DOUBLE_EQ(Outage(cut.Done()).detect_ms(), 100);
}

TEST(Parts, AnElectionWithoutASuspicionIsDetectedWhenTheCandidateStands) {
  Recording recording = Killed().Done();
  std::erase_if(*recording.nodes[1].trace, [](const TraceRecord& record) {
    return static_cast<TraceKind>(record.kind) == TraceKind::kSuspects;
  });
  ExpectParts(Outage(recording), 112, 8, 10, 15, 5);
}

TEST(Parts, APrimaryThatWasRestartedAsAReplicaStoppedWhenItDied) {
  FakeRecording fake = Killed();
  fake.Started("p", 1405).Event(1406, RunEvent::RESTARTED, "p");
  ExpectParts(Outage(fake.Done()), 100, 20, 10, 15, 5);
  EXPECT_EQ(Figures(fake.Done()).wasted_failovers(), 0u);
}

TEST(Parts, APromoteFaultThatAsksForAnElectionDetects) {
  Recording recording = Killed().Event(1450, RunEvent::PROMOTE_BEGIN, "r1").Done();
  EXPECT_DOUBLE_EQ(Outage(recording).detect_ms(), 100) << "r1 stood because it suspected";
  std::erase_if(*recording.nodes[1].trace, [](const TraceRecord& record) {
    return static_cast<TraceKind>(record.kind) == TraceKind::kSuspects;
  });
  ExpectParts(Outage(recording), 50, 70, 10, 15, 5);
}

TEST(Parts, APrimaryThatAFaultDemotedStoppedWhenItSteppedDown) {
  FakeRecording fake = Elected();
  fake.Trace("p", 1402, TraceKind::kStepsDown, 1, 1).Event(1403, RunEvent::DEMOTED, "p");
  ExpectParts(Outage(fake.Done()), 98, 20, 10, 15, 5);
  EXPECT_EQ(Outage(fake.Done()).failovers(), 1u);
  EXPECT_EQ(Figures(fake.Done()).wasted_failovers(), 0u);
  EXPECT_EQ(Figures(fake.Done()).step_downs(), 1u);
}

TEST(Parts, ADemotionOfAnEarlierLeadershipStoppedNothing) {
  FakeRecording fake = Elected();
  fake.Trace("p", 1300, TraceKind::kStepsDown, 1, 1).Event(1200, RunEvent::DEMOTED, "p");
  EXPECT_DOUBLE_EQ(Outage(fake.Done()).rto_ms(), 440) << "since its last write";
}

TEST(WastedFailover, IsNotASwitchoverByAPromoteFault) {
  const Recording recording = Elected().Event(1505, RunEvent::PROMOTE_BEGIN, "r1").Done();
  EXPECT_EQ(Outage(recording).failovers(), 0u);
  EXPECT_EQ(Figures(recording).wasted_failovers(), 0u);
}

TEST(WastedFailover, IsNotATakeoverThatThePrimaryAskedFor) {
  FakeRecording fake = Elected();
  fake.Trace("p", 1505, TraceKind::kHandsOver, 1, 1, "r1");
  EXPECT_EQ(Outage(fake.Done()).failovers(), 0u);
  EXPECT_EQ(Figures(fake.Done()).wasted_failovers(), 0u);
  FakeRecording to_another = Elected();
  to_another.Trace("p", 1505, TraceKind::kHandsOver, 1, 1, "r2");
  EXPECT_EQ(Figures(to_another.Done()).wasted_failovers(), 1u);
}

TEST(WastedFailover, IsOneIfThePrimaryGaveUpAndAcceptedWritesAgain) {
  FakeRecording fake = Elected();
  fake.Trace("p", 1200, TraceKind::kHandsOver, 1, 1, "r1");
  fake.Write(2, 1, 1300, 1310, proto::COMMITTED, 1, 2);
  EXPECT_EQ(Outage(fake.Done()).failovers(), 1u);
  EXPECT_EQ(Figures(fake.Done()).wasted_failovers(), 1u);
}

TEST(WastedFailover, IsOneAwayFromAPrimaryThatServed) {
  const Recording recording = Elected().Done();
  EXPECT_EQ(Outage(recording).failovers(), 1u) << "not a planned switchover";
  EXPECT_DOUBLE_EQ(Outage(recording).rto_ms(), 440) << "since its last write";
  EXPECT_EQ(Figures(recording).wasted_failovers(), 1u);
}

TEST(WastedFailover, IsNotOneAwayFromADeadOrPausedPrimary) {
  EXPECT_EQ(Figures(Killed().Done()).wasted_failovers(), 0u);
  FakeRecording paused = Elected();
  paused.Event(1400, RunEvent::PAUSED, "p").Event(1600, RunEvent::RESUMED, "p");
  EXPECT_EQ(Figures(paused.Done()).wasted_failovers(), 0u);
}

TEST(WastedFailover, WhatHappensAfterTheCandidacyIsNoExcuse) {
  FakeRecording late = Elected();
  late.Event(1513, RunEvent::KILLED, "p");
  EXPECT_EQ(Figures(late.Done()).wasted_failovers(), 1u);
  FakeRecording over = Elected();
  over.Event(1300, RunEvent::PAUSED, "p").Event(1505, RunEvent::RESUMED, "p");
  EXPECT_EQ(Figures(over.Done()).wasted_failovers(), 1u);
}

TEST(WastedFailover, NeedsClientsThatReachTheOldPrimary) {
  WorkloadFacts facts;
  facts.client_groups = {"west", "east"};
  FakeRecording fake = Elected();
  fake.Event(1400, RunEvent::LINK_PARTITIONED, "client@west", "p");
  EXPECT_EQ(Figures(fake.Done(), facts).wasted_failovers(), 1u);
  fake.Event(1410, RunEvent::LINK_PARTITIONED, "p", "client@east");
  EXPECT_EQ(Figures(fake.Done(), facts).wasted_failovers(), 0u);
}

TEST(WastedFailover, IsNotOneAwayFromAPrimaryThatCouldNotCommit) {
  FakeRecording fake = Elected();
  fake.Event(1400, RunEvent::DISK_BROKEN, "p", "", "slow");
  EXPECT_EQ(Figures(fake.Done()).wasted_failovers(), 1u) << "no client tried to write";
  fake.Write(2, 1, 1420, 1800, proto::UNKNOWN);
  EXPECT_EQ(Figures(fake.Done()).wasted_failovers(), 0u);
}

TEST(WastedFailover, IsNotOneAwayFromAPrimaryThatSteppedDown) {
  FakeRecording fake = Elected();
  fake.Trace("p", 1450, TraceKind::kStepsDown, 1, 1);
  const auto figures = Figures(fake.Done());
  EXPECT_EQ(figures.wasted_failovers(), 0u);
  EXPECT_EQ(figures.step_downs(), 1u);
}

TEST(WastedFailover, ALostRoundThatDeposedThePrimaryIsNoExcuse) {
  FakeRecording fake = Elected();
  fake.Trace("p", 1450, TraceKind::kFenced, 2, 1);
  EXPECT_EQ(Figures(fake.Done()).wasted_failovers(), 1u);
}

TEST(Rounds, OfASplitVoteAreLost) {
  FakeRecording fake({"p", "r1", "r2"});
  fake.Leads("p", 900, 1, 0).Event(1100, RunEvent::KILLED, "p");
  for (const char* node : {"r1", "r2"}) {
    fake.Trace(node, 1200, TraceKind::kSuspects, 1, 0);
    fake.Trace(node, 1210, TraceKind::kStands, 2, 0);
  }
  fake.Trace("r2", 1300, TraceKind::kStands, 3, 0).Trace("r1", 1301, TraceKind::kVotes, 3, 0, "r2");
  fake.Trace("r2", 1305, TraceKind::kElected, 3, 0).Leads("r2", 1306, 3, 0);
  fake.Write(1, 1, 1310, 1320, proto::COMMITTED, 3, 1, "r2");
  const auto figures = Figures(fake.Done());
  EXPECT_EQ(figures.candidacies(), 3u);
  EXPECT_EQ(figures.rounds_lost(), 2u);
  EXPECT_DOUBLE_EQ(Outage(fake.Done()).elect_ms(), 105) << "both rounds";
}

TEST(Rounds, OutsideTheLoadDoNotCount) {
  FakeRecording fake({"p", "r1"});
  fake.Trace("p", 850, TraceKind::kStands, 1, 0).Trace("p", 860, TraceKind::kElected, 1, 0);
  fake.Leads("p", 900, 1, 0).Trace("p", 2100, TraceKind::kStepsDown, 1, 0);
  const auto figures = Figures(fake.Done());
  EXPECT_EQ(figures.candidacies(), 0u);
  EXPECT_EQ(figures.step_downs(), 0u);
  EXPECT_TRUE(figures.has_dual_primary_ms());
  EXPECT_TRUE(Lanes(fake.Done()).lanes().empty());
}

TEST(Rounds, AreUnknownWithoutTheTraceOfANode) {
  Recording recording = Killed().Done();
  recording.nodes[2].trace.reset();
  const auto figures = Figures(recording);
  EXPECT_FALSE(figures.has_candidacies());
  EXPECT_FALSE(figures.has_wasted_failovers());
  EXPECT_FALSE(figures.has_dual_primary_ms());
}

// r1 leads from 1530; p learns of it at 1700.
FakeRecording Dual() {
  FakeRecording fake = Elected();
  fake.Trace("p", 1700, TraceKind::kFenced, 2, 1);
  return fake;
}

TEST(DualPrimaries, LastUntilTheOldOneLearnsOfTheNewOne) {
  EXPECT_DOUBLE_EQ(Figures(Dual().Done()).dual_primary_ms(), 170);
  EXPECT_DOUBLE_EQ(Figures(Killed().Done()).dual_primary_ms(), 0);
  EXPECT_DOUBLE_EQ(Figures(Elected().Done()).dual_primary_ms(), 470) << "to the end of the load";
}

TEST(DualPrimaries, APausedOneAnswersNothing) {
  FakeRecording fake = Dual();
  fake.Event(1400, RunEvent::PAUSED, "p").Event(1650, RunEvent::RESUMED, "p");
  EXPECT_DOUBLE_EQ(Figures(fake.Done()).dual_primary_ms(), 50);
}

TEST(DualPrimaries, AcknowledgeWritesInBothEpochs) {
  FakeRecording fake = Dual();
  fake.Write(2, 1, 1525, 1529, proto::COMMITTED, 1, 2, "p");
  EXPECT_EQ(Figures(fake.Done()).dual_acks(), 0u);
  fake.Write(2, 1, 1600, 1610, proto::COMMITTED, 1, 3, "p");
  fake.Write(2, 1, 1620, 1630, proto::UNKNOWN, 0, 0, "p");
  EXPECT_EQ(Figures(fake.Done()).dual_acks(), 1u);
  // r1 answers for a write of epoch 1 that it took over.
  fake.Write(2, 1, 1600, 1650, proto::COMMITTED, 1, 1, "r1");
  EXPECT_EQ(Figures(fake.Done()).dual_acks(), 1u);
}

TEST(DualPrimaries, CountTheStaleReadsOfTheOldOne) {
  FakeRecording fake = Dual();
  const Operation deposed = fake.Read(1, 1, 1600, 1601, "p", 1, 1);
  const Operation fenced = fake.Read(1, 1, 1710, 1711, "p", 1, 1);
  const Operation replica = fake.Read(1, 1, 1600, 1601, "r2", 1, 1);
  const Recording recording = fake.Done();
  const LeadershipHistory history(recording);
  const auto figures = MeasureElections(recording, history, OutageTable(recording, history), {},
                                        {&deposed, &fenced, &replica});
  EXPECT_EQ(figures.deposed_stale_reads(), 1u);
}

TEST(LossByElection, NamesTheElection) {
  FakeRecording fake = Elected();
  fake.EmptyLog("r1");
  fake.Write(2, 1, 1490, 1495, proto::COMMITTED, 1, 2, "p");
  const Recording recording = fake.Done();
  const LeadershipHistory history(recording);
  const OutageTable outages(recording, history);
  const Operation lost = fake.last();
  const Loss loss = outages.losses.LossOf(lost);
  EXPECT_EQ(loss.when, "when r1 was elected");
  EXPECT_EQ(loss.at_ns, FakeRecording::Ns(1512));
  const Operation late = fake.Write(2, 1, 1600, 1610, proto::COMMITTED, 1, 3, "p");
  EXPECT_EQ(outages.losses.LossOf(late).when,
            "when p acknowledged it, although r1 had stood for election at 0.512 s");
}

TEST(LeadLanes, ShowWhoLedAndWhoDidWhat) {
  const proto::LeadLanes lanes = Lanes(Dual().Done());
  ASSERT_EQ(lanes.lanes_size(), 3);
  EXPECT_DOUBLE_EQ(lanes.begin_s(), 0.48);
  EXPECT_DOUBLE_EQ(lanes.end_s(), 0.54);
  ASSERT_EQ(lanes.lanes(0).leading_size(), 1);
  EXPECT_EQ(lanes.lanes(0).leading(0).epoch(), 1u);
  EXPECT_DOUBLE_EQ(lanes.lanes(1).leading(0).begin_s(), 0.53);
  ASSERT_EQ(lanes.lanes(1).marks_size(), 4);
  EXPECT_EQ(lanes.lanes(1).marks(2).text(), "stands for epoch 2");
  ASSERT_EQ(lanes.lanes(2).marks_size(), 1);
  EXPECT_EQ(lanes.lanes(2).marks(0).text(), "votes for r1 in epoch 2");
}

TEST(LeadLanes, ShowWhenTheInSyncSetChanged) {
  FakeRecording fake = Dual();
  fake.Trace("r1", 1535, TraceKind::kJoinsSet, 2, 0, "r2");
  fake.Trace("r1", 1900, TraceKind::kLeavesSet, 2, 0, "r2");  // long after the election
  const proto::LeadLanes lanes = Lanes(fake.Done());
  ASSERT_EQ(lanes.lanes(1).marks_size(), 5);
  EXPECT_EQ(lanes.lanes(1).marks(4).text(), "r2 joins the in-sync set of epoch 2");
  EXPECT_EQ(lanes.lanes(1).marks(4).kind(), proto::LeadLanes::JOINS_SET);
}

}  // namespace
}  // namespace replsim::elections_test
