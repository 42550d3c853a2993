#include "simulator/analysis/availability.h"

#include <gtest/gtest.h>

#include "simulator/analysis/latency.h"
#include "tests/unit/fake_recording.h"

namespace replsim {
namespace {

using proto::RunEvent;

proto::RunReport::Availability Measure(const Recording& recording) {
  return MeasureAvailability(recording, Lineages(recording),
                             DecideFates(recording, FinalLog(recording)));
}

// p dies at 1500 ms, r1 is promoted from 1600 to 1650 ms and commits again at 1700 ms.
FakeRecording Failover() {
  FakeRecording fake({"p", "r1"});
  fake.manifest().set_final_primary("r1");
  fake.Leads("p", 900, 1, 0).Leads("r1", 1640, 2, 1);
  fake.Log(fake.Write(1, 1, 1100, 1110, proto::COMMITTED, 1, 1), 1, 1, "r1");
  fake.Event(1500, RunEvent::KILLED, "p").Event(1600, RunEvent::PROMOTE_BEGIN, "r1");
  fake.Event(1650, RunEvent::PROMOTED, "r1");
  fake.Log(fake.Write(1, 1, 1690, 1700, proto::COMMITTED, 2, 2), 2, 2, "r1");
  return fake;
}

TEST(Rto, RunsFromTheFaultToTheFirstWriteOfANewerEpoch) {
  const auto availability = Measure(Failover().Done());
  EXPECT_EQ(availability.failovers(), 1u);
  EXPECT_DOUBLE_EQ(availability.rto_ms(), 200);
  EXPECT_DOUBLE_EQ(availability.detect_ms(), 100);
  EXPECT_DOUBLE_EQ(availability.promote_ms(), 50);
  EXPECT_DOUBLE_EQ(availability.first_write_ms(), 50);
}

TEST(Rto, IsAbsentWhereThePrimaryWasNotLost) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0).Event(1500, RunEvent::KILLED, "r1");
  fake.Write(1, 1, 1100, 1110, proto::COMMITTED, 1, 1);
  const auto availability = Measure(fake.Done());
  EXPECT_EQ(availability.failovers(), 0u);
  EXPECT_FALSE(availability.has_rto_ms());
}

TEST(Rto, IsAbsentWhereWritesNeverCameBack) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0).Leads("r1", 1640, 2, 1).Event(1500, RunEvent::KILLED, "p");
  fake.Event(1600, RunEvent::PROMOTE_BEGIN, "r1").Event(1650, RunEvent::PROMOTED, "r1");
  const auto availability = Measure(fake.Done());
  EXPECT_EQ(availability.failovers(), 1u);
  EXPECT_FALSE(availability.has_rto_ms());
}

TEST(Rto, OfARestartedPrimaryHasNoPromotion) {
  FakeRecording fake({"p"});
  fake.Leads("p", 900, 1, 0).Event(1500, RunEvent::KILLED, "p").Leads("p", 1590, 2, 0);
  fake.Event(1600, RunEvent::RESTARTED, "p").Write(1, 1, 1610, 1620, proto::COMMITTED, 2, 1);
  const auto availability = Measure(fake.Done());
  EXPECT_DOUBLE_EQ(availability.rto_ms(), 120);
  EXPECT_FALSE(availability.has_promote_ms());
}

TEST(Rto, APauseThatEndedBeforeThePromotionIsNoLoss) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0).Leads("r1", 1640, 2, 1);
  fake.Event(1200, RunEvent::PAUSED, "p").Event(1300, RunEvent::RESUMED, "p");
  fake.Event(1600, RunEvent::PROMOTE_BEGIN, "r1").Event(1650, RunEvent::PROMOTED, "r1");
  fake.Write(1, 1, 1690, 1700, proto::COMMITTED, 2, 2);
  EXPECT_FALSE(Measure(fake.Done()).has_rto_ms());
}

TEST(Rto, OfACutOffPrimaryRunsFromTheFirstCutThatStillHolds) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0).Leads("r1", 1640, 2, 1);
  fake.Event(1200, RunEvent::LINK_PARTITIONED, "p", "r1")
      .Event(1250, RunEvent::LINK_PARTITIONED, "client", "p");
  fake.Event(1300, RunEvent::LINK_HEALED, "p", "r1");
  fake.Event(1600, RunEvent::PROMOTE_BEGIN, "r1").Event(1650, RunEvent::PROMOTED, "r1");
  fake.Write(1, 1, 1690, 1700, proto::COMMITTED, 2, 2);
  EXPECT_DOUBLE_EQ(Measure(fake.Done()).rto_ms(), 500);
}

TEST(Unavailable, IsTheLongestTimeWithoutACommittedWriteInTheLoad) {
  EXPECT_DOUBLE_EQ(Measure(Failover().Done()).unavailable_ms(), 590);
  FakeRecording none({"p"});
  none.Write(1, 1, 1100, 1110, proto::REJECTED);
  EXPECT_DOUBLE_EQ(Measure(none.Done()).unavailable_ms(), 1000);
}

TEST(Rpo, IsWhatWasLostAndHowOldTheFirstOfItWas) {
  FakeRecording fake = Failover();
  fake.Write(1, 1, 1470, 1480, proto::COMMITTED, 1, 2);
  fake.Write(1, 1, 1490, 1501, proto::COMMITTED, 1, 3);
  const auto availability = Measure(fake.Done());
  EXPECT_EQ(availability.rpo_writes(), 2u);
  EXPECT_DOUBLE_EQ(availability.rpo_ms(), 20);
  EXPECT_EQ(Measure(Failover().Done()).rpo_writes(), 0u);
  EXPECT_FALSE(Measure(Failover().Done()).has_rpo_ms());
}

TEST(Latency, CountsFromTheIntendedStart) {
  FakeRecording fake({"p"});
  fake.Write(1, 1, 1100, 1110, proto::COMMITTED, 1, 1);
  fake.Write(1, 1, 1100, 1900, proto::UNKNOWN);
  Recording recording = fake.Done();
  recording.operations[0].intended_ns -= 5 * kMs;
  const auto latency = MeasureLatency(recording);
  EXPECT_EQ(latency.write().max(), 15'000);
  EXPECT_EQ(latency.write().count(), 1u) << "only what was committed";
  EXPECT_FALSE(latency.read().has_p50());
}

TEST(StartUp, RunsFromTheFirstProcessToTheFirstCommittedWrite) {
  FakeRecording fake = Failover();
  fake.manifest().set_begin_ns(400 * kMs);
  EXPECT_DOUBLE_EQ(Measure(fake.Done()).start_ms(), 710);
  EXPECT_FALSE(Measure(Failover().Done()).has_start_ms());
}

}  // namespace
}  // namespace replsim
