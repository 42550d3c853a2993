#include "simulator/analysis/timeline/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "simulator/analysis/run_report.h"
#include "simulator/analysis/timeline/fault_bands.h"
#include "simulator/analysis/timeline/rates.h"
#include "tests/unit/fake_recording.h"

namespace replsim::timeline_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

proto::Manifest LastingMs(int64_t ms) {
  proto::Manifest manifest;
  manifest.set_load_begin_ns(kMs);
  manifest.set_end_ns((1 + ms) * kMs);
  return manifest;
}

TEST(TimeBins, AreAThousandAtMostOfWholeMilliseconds) {
  EXPECT_EQ(FineBins(LastingMs(500)).bin_ns, kMs);
  EXPECT_EQ(FineBins(LastingMs(500)).count, 500u);
  EXPECT_EQ(FineBins(LastingMs(60'000)).bin_ns, 60 * kMs);
  EXPECT_EQ(FineBins(LastingMs(60'000)).count, 1000u);
  EXPECT_EQ(FineBins(LastingMs(60'001)).bin_ns, 61 * kMs);
  EXPECT_GE(FineBins(LastingMs(60'001)).end_ns(), 60'002 * kMs);
  EXPECT_EQ(FineBins(LastingMs(0)).count, 0u);
}

TEST(TimeBins, KeepEveryExtremeHoweverShort) {
  const TimeBins bins{0, 10, 3};
  BandBuilder builder(bins);
  builder.Cover(0, 14, 5);
  builder.Cover(14, 15, 900);
  builder.Cover(15, 18, 1);
  const proto::Timeline::Band band = builder.ToProto();
  EXPECT_THAT(band.high(), ElementsAre(5, 900, ::testing::IsNan()));
  EXPECT_THAT(band.low(), ElementsAre(5, 1, ::testing::IsNan()));
}

TEST(TimeBins, AGrowingValueIsCutAtTheirEdges) {
  const TimeBins bins{100, 10, 2};
  BandBuilder builder(bins);
  builder.Cover(95, 120, 1000, 1);  // 1005 when the first bin begins
  const proto::Timeline::Band band = builder.ToProto();
  EXPECT_THAT(band.low(), ElementsAre(1005, 1015));
  EXPECT_THAT(band.high(), ElementsAre(1015, 1025));
}

TEST(Rates, CountOperationsBySlotOfTheirAnswer) {
  FakeRecording fake({"p"});
  fake.Write(1, 1, 1000, 1010, proto::COMMITTED, 1, 1);
  fake.Write(2, 1, 1000, 1030, proto::COMMITTED, 1, 2);
  fake.Write(3, 1, 1000, 1150, proto::UNKNOWN);
  fake.Read(4, 1, 1100, 1104, "p", 1, 2);
  fake.Write(5, 1, 1000, 1151, proto::LOST);
  fake.Failed(6, 1, 1000, 1152);
  const TimeBins bins{1000 * kMs, 100 * kMs, 2};
  const proto::Timeline::Rates rates = RatesOf(fake.Done(), bins, {FakeRecording::Ns(1100)});
  EXPECT_THAT(rates.writes_per_s(), ElementsAre(20, 0));
  EXPECT_THAT(rates.unknown_per_s(), ElementsAre(0, 10));
  EXPECT_THAT(rates.told_lost_per_s(), ElementsAre(0, 10));
  EXPECT_THAT(rates.failed_reads_per_s(), ElementsAre(0, 10));
  EXPECT_THAT(rates.rejected_per_s(), ElementsAre(0, 0));
  EXPECT_THAT(rates.reads_per_s(), ElementsAre(0, 10));
  EXPECT_THAT(rates.stale_reads_per_s(), ElementsAre(0, 10));
  EXPECT_EQ(rates.write_p50_us(0), 10'000);
  EXPECT_EQ(rates.write_p99_us(0), 30'000);
  EXPECT_TRUE(std::isnan(rates.write_p50_us(1)));
}

proto::Timeline FaultsOf(const FakeRecording& fake) {
  proto::Timeline timeline;
  AddFaults(fake.Done(), timeline);
  return timeline;
}

TEST(FaultBands, BothWaysOfACutLinkAreOneFault) {
  FakeRecording fake({"p", "r1"});
  fake.Event(1100, proto::RunEvent::LINK_PARTITIONED, "p", "r1");
  fake.Event(1100, proto::RunEvent::LINK_PARTITIONED, "r1", "p");
  fake.Event(1300, proto::RunEvent::LINK_HEALED, "p", "r1");
  fake.Event(1300, proto::RunEvent::LINK_HEALED, "r1", "p");
  const proto::Timeline timeline = FaultsOf(fake);
  ASSERT_EQ(timeline.faults_size(), 1);
  EXPECT_THAT(timeline.faults(0).on(), ElementsAre("p ↔ r1"));
  EXPECT_DOUBLE_EQ(timeline.faults(0).begin_s(), 0.1);
  EXPECT_DOUBLE_EQ(timeline.faults(0).end_s(), 0.3);
  EXPECT_FALSE(timeline.faults(0).down());
}

TEST(FaultBands, ADeathLastsUntilTheRestartAndHealingDoesNotEndIt) {
  FakeRecording fake({"p", "r1"});
  fake.Event(1100, proto::RunEvent::KILLED, "p");
  fake.Event(1200, proto::RunEvent::DISK_BROKEN, "r1", "", "full");
  fake.Event(1900, proto::RunEvent::HEAL_BEGIN);
  fake.Event(1950, proto::RunEvent::RESTARTED, "p");
  const proto::Timeline timeline = FaultsOf(fake);
  ASSERT_EQ(timeline.faults_size(), 2);
  EXPECT_DOUBLE_EQ(timeline.faults(0).end_s(), 0.95);
  EXPECT_TRUE(timeline.faults(0).down());
  EXPECT_EQ(timeline.faults(1).what(), "disk: full");
  EXPECT_DOUBLE_EQ(timeline.faults(1).end_s(), 0.9);
}

TEST(FaultBands, OneThatNothingEndedHasNoEnd) {
  FakeRecording fake({"p"});
  fake.Event(1100, proto::RunEvent::PAUSED, "p");
  EXPECT_FALSE(FaultsOf(fake).faults(0).has_end_s());
}

// p leads, r1 follows; entry 3 is late on r1 by 40 ms.
FakeRecording Lagging() {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
  fake.Reaches("p", 1100, 1, 2).Reaches("r1", 1101, 1, 2);
  fake.Reaches("p", 1200, 1, 3).Trace("p", 1200, TraceKind::kCommit, 1, 3);
  fake.Reaches("r1", 1240, 1, 3);
  return fake;
}

TEST(Timeline, ItsLagHasTheReportsExtremes) {
  const RunAnalysis run = AnalyzeRun(Lagging().Done());
  for (const proto::Timeline::LagBand& band : run.timeline.lag()) {
    double most = 0;
    for (const double value : band.time_us().high())
      most = std::max(most, std::isnan(value) ? 0 : value);
    for (const proto::RunReport::Lag& lag : run.report.lag()) {
      if (lag.replica() == band.replica() && lag.stage() == band.stage()) {
        EXPECT_EQ(most, static_cast<double>(lag.time_us().max())) << band.stage();
      }
    }
  }
  EXPECT_EQ(run.timeline.lag_size(), 4);
}

TEST(Timeline, PositionsAreDifferencesThatAddUp) {
  const RunAnalysis run = AnalyzeRun(Lagging().Done());
  for (const proto::Timeline::Positions& positions : run.timeline.positions()) {
    int64_t lsn = 0;
    for (const int32_t delta : positions.lsn_delta()) lsn += delta;
    EXPECT_EQ(lsn, 3) << positions.node() << " " << positions.stage();
  }
  EXPECT_EQ(run.timeline.positions_size(), 8);
}

TEST(Timeline, WhatIsAcknowledgedAndOnNoReplicaIsShownWhileItIs) {
  const RunAnalysis run = AnalyzeRun(Lagging().Done());
  const auto& high = run.timeline.unreplicated_entries().high();
  const auto bin = [&](double ms) { return high[static_cast<int>((ms - 1000) / 2)]; };
  EXPECT_DOUBLE_EQ(run.timeline.bin_s(), 0.002);
  EXPECT_EQ(bin(1190), 0);
  EXPECT_EQ(bin(1220), 1);
  EXPECT_EQ(bin(1250), 0);
}

TEST(SpaceTime, ABatchGoesFromSendingToReceivingAndAnAckBack) {
  FakeRecording fake = Lagging();
  const Operation write = fake.Write(4, 7, 1199, 1262, proto::COMMITTED, 1, 3, "p");
  fake.Log(fake.Write(4, 7, 1090, 1110, proto::COMMITTED, 1, 1, "p")).Log(write, 1, 2).Log(write);
  fake.Trace("p", 1201, TraceKind::kSend, 1, 3, "r1");
  fake.Trace("p", 1260, TraceKind::kPeerFlush, 1, 3, "r1");
  const proto::SpaceTime space_time = AnalyzeRun(fake.Done()).space_time;
  EXPECT_THAT(space_time.why(), HasSubstr("slowest"));
  ASSERT_EQ(space_time.lanes_size(), 3) << "p, r1, client 4";
  EXPECT_TRUE(space_time.lanes(2).client());
  const auto find = [&](proto::SpaceTime::Message::Kind kind) {
    for (const auto& message : space_time.messages()) {
      if (message.kind() == kind) return message;
    }
    return proto::SpaceTime::Message();
  };
  const auto batch = find(proto::SpaceTime::Message::BATCH);
  EXPECT_EQ(batch.sent_ms(), 201);
  EXPECT_EQ(batch.received_ms(), 240);
  EXPECT_TRUE(batch.focus());
  const auto ack = find(proto::SpaceTime::Message::ACK);
  EXPECT_EQ(ack.from(), 1u);
  EXPECT_EQ(ack.sent_ms(), 240);
  EXPECT_EQ(ack.received_ms(), 260);
  EXPECT_EQ(ack.text(), "flush 3");
  EXPECT_EQ(find(proto::SpaceTime::Message::REQUEST).received_ms(), 200);
  EXPECT_EQ(find(proto::SpaceTime::Message::ANSWER).received_ms(), 262);
}

TEST(SpaceTime, WhatNobodyReceivedEndsNowhere) {
  FakeRecording fake = Lagging();
  fake.Trace("p", 1301, TraceKind::kSend, 1, 4, "r1");
  fake.Event(1300, proto::RunEvent::KILLED, "r1");
  const proto::SpaceTime space_time = AnalyzeRun(fake.Done()).space_time;
  EXPECT_THAT(space_time.why(), HasSubstr("first fault: r1 killed"));
  ASSERT_EQ(space_time.messages_size(), 1);
  EXPECT_FALSE(space_time.messages(0).has_received_ms());
  ASSERT_EQ(space_time.lanes(1).down_size(), 1);
  EXPECT_EQ(space_time.lanes(1).down(0).begin_ms(), 300);
}

}  // namespace
}  // namespace replsim::timeline_test
