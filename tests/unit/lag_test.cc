#include "simulator/analysis/lag/lag.h"

#include <gtest/gtest.h>

#include <chrono>

#include "simulator/analysis/lag/catch_up.h"
#include "simulator/analysis/run_report.h"
#include "simulator/analysis/writes/ack_delay.h"
#include "tests/unit/fake_recording.h"

namespace replsim::lag_test {
namespace {

constexpr int64_t At(double ms) { return FakeRecording::Ns(ms); }

LagCurve CurveOf(const Recording& recording, const std::string& node, size_t stage = kApplyStage) {
  const LeadershipHistory leadership_history(recording);
  const size_t index = *recording.NodeIndex(node);
  return BuildLagCurve(leadership_history, index, StageSteps(*recording.nodes[index].trace, stage));
}

// p leads epoch 1 from 900 ms on; both start empty.
FakeRecording TwoNodes() {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
  return fake;
}

TEST(Lag, OfAnIdleHealthyReplicaIsZero) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1000, 1, 5).Reaches("r1", 1001, 1, 5);
  const LagCurve curve = CurveOf(fake.Done(), "r1");
  const std::optional<LagAt> lag = LagOf(curve, At(1999));
  ASSERT_TRUE(lag);
  EXPECT_EQ(lag->entries, 0u);
  EXPECT_EQ(lag->time_ns, 0);
  EXPECT_EQ(lag->bytes, 0u);
}

TEST(Lag, IsTheDistanceToWhatThePrimaryHadAppended) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1000, 1, 5).Append("p", 1010, 1, 8).Reaches("r1", 1020, 1, 6);
  const LagCurve curve = CurveOf(fake.Done(), "r1");
  EXPECT_EQ(LagOf(curve, At(1005))->entries, 5u);
  EXPECT_EQ(LagOf(curve, At(1005))->time_ns, 5 * kMs);
  EXPECT_EQ(LagOf(curve, At(1015))->entries, 8u);
  EXPECT_EQ(LagOf(curve, At(1015))->time_ns, 15 * kMs) << "the oldest missing one counts";
  EXPECT_EQ(LagOf(curve, At(1020))->entries, 2u);
  EXPECT_EQ(LagOf(curve, At(1020))->bytes, 2 * FakeRecording::kRecordBytes);
  EXPECT_EQ(LagOf(curve, At(1020))->time_ns, 10 * kMs) << "entry 7 was appended at 1010";
}

TEST(Lag, OfADeadReplicaGrows) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1000, 1, 1).Reaches("r1", 1001, 1, 1);
  fake.Event(1100, proto::RunEvent::KILLED, "r1");
  fake.Append("p", 1200, 1, 2).Append("p", 1300, 1, 3);
  const LagCurve curve = CurveOf(fake.Done(), "r1");
  EXPECT_EQ(LagOf(curve, At(1199))->entries, 0u);
  EXPECT_EQ(LagOf(curve, At(1300))->entries, 2u);
  EXPECT_EQ(LagOf(curve, At(1300))->time_ns, 100 * kMs);
  EXPECT_EQ(LagOf(curve, At(2000))->time_ns, 800 * kMs);
}

// Received entries are applied at once, so apply minus receive is 0. Against the primary it is not.
TEST(Lag, OfACutOffReplicaGrowsThoughAllItReceivedIsApplied) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1000, 1, 1)
      .Reaches("r1", 1000.5, 1, 1)
      .Event(1001, proto::RunEvent::LINK_PARTITIONED, "p", "r1");
  for (int i = 0; i < 10; ++i) fake.Append("p", 1100 + 10 * i, 1, 2 + static_cast<uint64_t>(i));
  const Recording recording = fake.Done();
  for (size_t stage = 0; stage < kNodeStages; ++stage) {
    const std::optional<LagAt> lag = LagOf(CurveOf(recording, "r1", stage), At(1500));
    EXPECT_EQ(lag->entries, 10u) << kNodeStageNames[stage];
    EXPECT_EQ(lag->time_ns, 400 * kMs) << kNodeStageNames[stage];
  }
}

TEST(Lag, IsUnknownBeforeTheFirstRecordAndNotZero) {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Append("p", 1000, 1, 5).Started("r1", 1100);
  const LagCurve curve = CurveOf(fake.Done(), "r1");
  EXPECT_FALSE(LagOf(curve, At(1050)).has_value());
  EXPECT_EQ(LagOf(curve, At(1100))->entries, 5u);
}

TEST(Lag, IsUnknownOfTheNodeThatLeads) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1000, 1, 5);
  EXPECT_FALSE(LagOf(CurveOf(fake.Done(), "p"), At(1500)).has_value());
}

TEST(Lag, OfStagesDiffers) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1000, 1, 9);
  fake.Trace("r1", 1001, TraceKind::kAppend, 1, 9).Trace("r1", 1002, TraceKind::kWrite, 1, 7);
  fake.Trace("r1", 1003, TraceKind::kFlush, 1, 4).Trace("r1", 1003, TraceKind::kApply, 1, 2);
  const Recording recording = fake.Done();
  EXPECT_EQ(LagOf(CurveOf(recording, "r1", 0), At(1010))->entries, 0u);
  EXPECT_EQ(LagOf(CurveOf(recording, "r1", 1), At(1010))->entries, 2u);
  EXPECT_EQ(LagOf(CurveOf(recording, "r1", 2), At(1010))->entries, 5u);
  EXPECT_EQ(LagOf(CurveOf(recording, "r1", 3), At(1010))->entries, 7u);
}

// p appends 10, r1 has 6 of them and r2 has 8 when r1 is promoted: 7…10 of epoch 1 are of another
// line.
FakeRecording Failover() {
  FakeRecording fake({"p", "r1", "r2"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900).Started("r2", 900);
  fake.Append("p", 1000, 1, 4).Append("p", 1010, 1, 10);
  fake.Reaches("r1", 1020, 1, 6).Reaches("r2", 1020, 1, 8);
  fake.Event(1030, proto::RunEvent::KILLED, "p").Leads("r1", 1100, 2, 6);
  fake.Append("r1", 1200, 2, 9);
  return fake;
}

TEST(Lag, AfterAFailoverIsMeasuredAgainstTheNewPrimary) {
  const Recording recording = Failover().Done();
  const LagCurve r2 = CurveOf(recording, "r2");
  EXPECT_EQ(LagOf(r2, At(1050))->entries, 2u) << "still against what p had appended";
  EXPECT_EQ(LagOf(r2, At(1100))->entries, 0u) << "it holds all six of the new primary's";
  EXPECT_EQ(LagOf(r2, At(1300))->entries, 3u) << "its own 7 and 8 are not those of epoch 2";
  EXPECT_EQ(LagOf(r2, At(1300))->time_ns, 100 * kMs);
  EXPECT_EQ(LagOf(r2, At(1300))->bytes, 3 * FakeRecording::kRecordBytes);
  EXPECT_FALSE(LagOf(CurveOf(recording, "r1"), At(1150)).has_value()) << "it leads";
}

TEST(Lag, OfTheOldPrimaryCountsFromTheFork) {
  FakeRecording fake = Failover();
  const LagCurve dead = CurveOf(fake.Done(), "p");
  EXPECT_FALSE(LagOf(dead, At(1050)).has_value());
  EXPECT_EQ(LagOf(dead, At(1500))->entries, 9u) << "p applied nothing of its own in this recording";
  EXPECT_EQ(LagOf(CurveOf(fake.Done(), "p", kReceiveStage), At(1500))->entries, 3u);
  fake.Started("p", 1600, 10, 1)
      .Trace("p", 1650, TraceKind::kTruncated, 2, 6)
      .Append("p", 1700, 2, 9);
  EXPECT_EQ(LagOf(CurveOf(fake.Done(), "p", kReceiveStage), At(1650))->entries, 3u);
  EXPECT_EQ(LagOf(CurveOf(fake.Done(), "p", kReceiveStage), At(1700))->entries, 0u);
}

// Epoch 2 of r1 is a side line that r2, promoted third, never had: its log is p's up to 8.
TEST(Lag, ASecondFailoverMayContinueAnOlderLine) {
  FakeRecording fake = Failover();
  fake.Event(1300, proto::RunEvent::KILLED, "r1").Leads("r2", 1400, 3, 8).Append("r2", 1500, 3, 10);
  const Recording recording = fake.Done();
  const LeadershipHistory leadership_history(recording);
  EXPECT_EQ(leadership_history.leaderships()[2].parent, 0u);
  EXPECT_EQ(leadership_history.CommonLsn(2, 9, 2), 6u);
  EXPECT_EQ(LagOf(CurveOf(recording, "r1"), At(1600))->entries, 4u)
      << "7 and 8 of p, 9 and 10 of r2";
}

TEST(LagSummary, WeighsWithTime) {
  FakeRecording fake = TwoNodes();
  // Nothing missing, but for entry 1 from 1100 to 1200 ms: a tenth of the load.
  fake.Append("p", 1100, 1, 1).Reaches("r1", 1200, 1, 1);
  const LagCurve curve = CurveOf(fake.Done(), "r1");
  const LagSummary summary = SummarizeLag(curve, At(1000), At(2000));
  EXPECT_EQ(summary.entries.weight(), static_cast<uint64_t>(1000 * kMs));
  EXPECT_EQ(summary.entries.Quantile(0.89), 0);
  EXPECT_EQ(summary.entries.Quantile(0.91), 1);
  EXPECT_EQ(summary.time_ns.Quantile(0.89), 0);
  EXPECT_NEAR(static_cast<double>(*summary.time_ns.Quantile(0.95)), 50.0 * kMs, 1.6 * kMs);
  EXPECT_EQ(*summary.time_ns.max(), 100 * kMs - 1);
  EXPECT_EQ(summary.last->entries, 0u);
}

TEST(Stalled, IsBacklogWithoutProgressForLongEnough) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1100, 1, 10).Reaches("r1", 1250, 1, 2);    // 150 ms: patience
  fake.Reaches("r1", 1700, 1, 4).Reaches("r1", 1710, 1, 10);  // 450 ms: stalled
  const LagCurve curve = CurveOf(fake.Done(), "r1");
  EXPECT_EQ(StalledFor(curve, At(1000), At(2000), 200 * kMs), 450 * kMs);
}

TEST(Stalled, AnIdleReplicaIsNot) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1000, 1, 1).Reaches("r1", 1001, 1, 1);
  EXPECT_EQ(StalledFor(CurveOf(fake.Done(), "r1"), At(1000), At(2000), 200 * kMs), 0);
}

std::vector<NodeFault> FaultsOf(const Recording& recording, size_t node) {
  return FindNodeFaults(recording, LeadershipHistory(recording), FindFaultIntervals(recording),
                        node);
}

CatchUp CatchUpOf(const Recording& recording) {
  return MeasureCatchUp(CurveOf(recording, "r1"), FaultsOf(recording, 1), At(1000), At(3000));
}

TEST(CatchUp, RunsFromTheFaultsEndToTheLagOfBefore) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1000, 1, 1).Reaches("r1", 1001, 1, 1);
  fake.Event(1100, proto::RunEvent::PAUSED, "r1").Append("p", 1200, 1, 50);
  fake.Event(1500, proto::RunEvent::RESUMED, "r1");
  fake.Reaches("r1", 1530, 1, 30).Reaches("r1", 1560, 1, 50);
  const Recording recording = fake.Done();
  const CatchUp catch_up = CatchUpOf(recording);
  EXPECT_EQ(catch_up.longest_ns, 60 * kMs);
  EXPECT_EQ(catch_up.never, 0u);
}

TEST(CatchUp, ThatNeverHappensIsSaidAndNotZero) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1000, 1, 1).Reaches("r1", 1001, 1, 1);
  fake.Event(1100, proto::RunEvent::KILLED, "r1").Append("p", 1200, 1, 50);
  fake.Event(1500, proto::RunEvent::RESTARTED, "r1").Started("r1", 1500, 1, 1);
  const RunAnalysis analysis = AnalyzeRun(fake.Done());
  const proto::RunReport::Lag& apply = analysis.report.lag(3);
  ASSERT_EQ(apply.stage(), "apply");
  EXPECT_FALSE(apply.has_catch_up_ms());
  EXPECT_EQ(apply.never_caught_up(), 1u);
}

TEST(CatchUp, HealingEndsCutsAndSlownessButRaisesNoDead) {
  FakeRecording fake = TwoNodes();
  fake.Event(1100, proto::RunEvent::LINK_PARTITIONED, "p", "r1")
      .Event(1150, proto::RunEvent::PAUSED, "r1")
      .Event(1160, proto::RunEvent::APPLY_SLOWED, "r1", "", "1ms");
  fake.Event(1200, proto::RunEvent::LINK_HEALED, "p", "r1")
      .Event(1250, proto::RunEvent::RESUMED, "r1")
      .Event(1300, proto::RunEvent::HEAL_BEGIN);
  fake.Event(1400, proto::RunEvent::KILLED, "r1").Event(1500, proto::RunEvent::HEAL_BEGIN);
  fake.Event(1600, proto::RunEvent::RESTARTED, "r1");
  const std::vector<NodeFault> faults = FaultsOf(fake.Done(), 1);
  ASSERT_EQ(faults.size(), 3u);
  EXPECT_EQ(faults[0].begin_ns, At(1100));
  EXPECT_EQ(faults[0].end_ns, At(1250)) << "outages that overlap are one";
  EXPECT_TRUE(faults[1].slowing) << "slowness is one of its own";
  EXPECT_EQ(faults[1].end_ns, At(1300));
  EXPECT_EQ(faults[2].end_ns, At(1600));
}

TEST(CatchUp, ACutFromWhomNobodyFollowsIsNoFault) {
  FakeRecording fake({"p", "r1", "r2"});
  fake.Leads("p", 900, 1, 0).Event(1100, proto::RunEvent::LINK_PARTITIONED, "r2", "r1");
  fake.Event(1200, proto::RunEvent::LINK_PARTITIONED, "client", "r1");
  EXPECT_TRUE(FaultsOf(fake.Done(), 1).empty());
}

// r1 is cut off from 1500 to 1600 ms and needs 90 ms to be back.
FakeRecording CutOff() {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1000, 1, 1).Reaches("r1", 1001, 1, 1);
  fake.Event(1500, proto::RunEvent::LINK_PARTITIONED, "p", "r1").Append("p", 1510, 1, 50);
  fake.Event(1600, proto::RunEvent::LINK_HEALED, "p", "r1");
  fake.Reaches("r1", 1650, 1, 30).Reaches("r1", 1690, 1, 50);
  return fake;
}

TEST(CatchUp, IsNotHiddenByASlowerFaultThatLasts) {
  FakeRecording fake = CutOff();
  fake.Event(1000, proto::RunEvent::APPLY_SLOWED, "r1", "", "4ms per entry");
  fake.Event(2000, proto::RunEvent::APPLY_SLOWED, "r1", "", "ended");
  EXPECT_EQ(CatchUpOf(fake.Done()).longest_ns, 90 * kMs);
}

TEST(CatchUp, IsNotStretchedByAnotherFault) {
  FakeRecording fake = CutOff();
  fake.Event(1400, proto::RunEvent::APPLY_SLOWED, "r1", "", "4ms per entry");
  fake.Event(1520, proto::RunEvent::APPLY_SLOWED, "r1", "", "ended");
  EXPECT_EQ(CatchUpOf(fake.Done()).longest_ns, 90 * kMs) << "not 170 from the slowness's end";
}

TEST(CatchUp, ASlowApplierStaysSlowWhenItStartsAgain) {
  FakeRecording fake = TwoNodes();
  fake.Event(1100, proto::RunEvent::APPLY_SLOWED, "r1", "", "4ms per entry");
  fake.Event(1200, proto::RunEvent::KILLED, "r1").Event(1300, proto::RunEvent::RESTARTED, "r1");
  fake.Started("r1", 1300).Event(1400, proto::RunEvent::HEAL_BEGIN);
  const std::vector<NodeFault> faults = FaultsOf(fake.Done(), 1);
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_TRUE(faults[0].slowing);
  EXPECT_EQ(faults[0].end_ns, At(1400));
}

TEST(CatchUp, AFaultBeforeItIsDoneTakesOverTheLevel) {
  FakeRecording fake = CutOff();
  fake.Event(1660, proto::RunEvent::PAUSED, "r1").Event(1670, proto::RunEvent::RESUMED, "r1");
  const CatchUp catch_up = CatchUpOf(fake.Done());
  EXPECT_EQ(catch_up.longest_ns, 20 * kMs) << "to nothing missing, not to the lag at 1660";
  EXPECT_EQ(catch_up.never, 0u);
}

TEST(Lag, OfANodeThatIsDownIsNoLag) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1000, 1, 1).Reaches("r1", 1001, 1, 1);
  fake.Event(1100, proto::RunEvent::KILLED, "r1").Append("p", 1200, 1, 50);
  fake.Event(1500, proto::RunEvent::RESTARTED, "r1").Started("r1", 1500, 1, 1);
  fake.Reaches("r1", 1520, 1, 50);
  const RunAnalysis analysis = AnalyzeRun(fake.Done());
  const proto::RunReport::Lag& apply = analysis.report.lag(3);
  EXPECT_EQ(apply.time_us().p50(), 0);
  EXPECT_EQ(apply.entries().max(), 49) << "20 ms of catching up";
  EXPECT_EQ(apply.catch_up_ms(), 20);
  EXPECT_DOUBLE_EQ(analysis.report.availability().down(1).down_ms(), 400);
  const LagSeries& series = analysis.lag[3];
  EXPECT_EQ(series.states[0], RecordedState::kUp);
  EXPECT_EQ(series.states[3], RecordedState::kDown);
  EXPECT_EQ(series.samples[3]->entries, 49u) << "how far its disk is behind";
}

TEST(AckDelay, IsOnThePrimarysClockAndOneSamplePerEntry) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1000, 1, 1).Append("p", 1010, 1, 4);
  fake.Trace("p", 1030, TraceKind::kPeerFlush, 1, 4, "r1");
  const Recording recording = fake.Done();
  const AckDelays delays = MeasureAckDelays(recording, LeadershipHistory(recording));
  const Histogram& flush = delays[1][2];
  EXPECT_EQ(flush.weight(), 4u);
  EXPECT_NEAR(static_cast<double>(*flush.Quantile(0.5)), 20.0 * kMs, 0.4 * kMs);
  EXPECT_EQ(flush.max(), 30 * kMs);
  EXPECT_TRUE(delays[1][kApplyStage].empty()) << "nothing learned is not a delay of 0";
}

// order: replicas-first, where the primary appends what its replicas have.
TEST(AckDelay, WhatWasKnownNoLaterThanAppendedHadNoDelay) {
  FakeRecording fake = TwoNodes();
  fake.Trace("p", 1000, TraceKind::kPeerReceive, 1, 2, "r1").Append("p", 1001, 1, 2);
  fake.Append("p", 1010, 1, 3).Trace("p", 1010, TraceKind::kPeerFlush, 1, 3, "r1");
  const Recording recording = fake.Done();
  const AckDelays delays = MeasureAckDelays(recording, LeadershipHistory(recording));
  EXPECT_TRUE(delays[1][kReceiveStage].empty());
  EXPECT_EQ(delays[1][2].weight(), 2u) << "of 1 and 2, 9 ms after; of 3 in the same instant none";
  EXPECT_EQ(delays[1][2].min(), 9 * kMs);
}

TEST(RunReport, SamplesLagEveryHundredMillisecondsToTheRunsEnd) {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 1150).Append("p", 1200, 1, 3);
  const RunAnalysis analysis = AnalyzeRun(fake.Done());
  ASSERT_EQ(analysis.lag.size(), kNodeStages);
  ASSERT_EQ(analysis.lag[0].samples.size(), 21u);
  EXPECT_FALSE(analysis.lag[0].samples[1].has_value());
  EXPECT_EQ(analysis.lag[0].samples[20]->entries, 3u);
  EXPECT_EQ(analysis.lag[0].samples[20]->time_ns, 1800 * kMs);
}

TEST(RunReport, WithoutAnyTraceLagIsAbsentWithANote) {
  FakeRecording fake({"p", "r1"});
  fake.node("p").trace.reset();
  fake.node("r1").trace.reset();
  const RunAnalysis analysis = AnalyzeRun(fake.Done());
  EXPECT_EQ(analysis.report.lag_size(), 0);
  EXPECT_GE(analysis.report.notes_size(), 1);
}

TEST(Lag, OfAMillionRecordsIsComputedQuickly) {
  FakeRecording fake = TwoNodes();
  for (uint64_t i = 1; i <= 500'000; ++i) {
    const double ms = 1000 + static_cast<double>(i) * 0.002;
    fake.Append("p", ms, 1, i);
    fake.Trace("r1", ms + 0.5, TraceKind::kApply, 1, i);
  }
  const Recording recording = fake.Done();
  const auto begin = std::chrono::steady_clock::now();
  const LagSummary summary = SummarizeLag(CurveOf(recording, "r1"), At(1000), At(2000));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_NEAR(static_cast<double>(*summary.time_ns.Quantile(0.5)), 0.5 * kMs, 0.02 * kMs);
  EXPECT_LT(took.count(), 5.0) << "far above what it takes, for slow machines and sanitizers";
  RecordProperty("milliseconds", static_cast<int>(took.count() * 1000));
}

}  // namespace
}  // namespace replsim::lag_test
