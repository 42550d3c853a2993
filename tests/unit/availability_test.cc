#include "simulator/analysis/availability.h"

#include <gtest/gtest.h>

#include "simulator/analysis/writes/latency.h"
#include "tests/unit/fake_recording.h"

namespace replsim::availability_test {
namespace {

using proto::RunEvent;

proto::RunReport::Availability Measure(const Recording& recording) {
  const LeadershipHistory leadership_history(recording);
  return MeasureAvailability(recording, leadership_history,
                             DecideFates(recording, FinalLog(recording)),
                             OutageTable(recording, leadership_history));
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

TEST(Rto, LastedAtLeastToTheLoadsEndWhereWritesNeverCameBack) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0).Leads("r1", 1640, 2, 1).Event(1500, RunEvent::KILLED, "p");
  fake.Event(1600, RunEvent::PROMOTE_BEGIN, "r1").Event(1650, RunEvent::PROMOTED, "r1");
  const auto availability = Measure(fake.Done());
  EXPECT_EQ(availability.failovers(), 1u);
  EXPECT_DOUBLE_EQ(availability.rto_ms(), 500);
  EXPECT_TRUE(availability.rto_at_least());
  EXPECT_FALSE(availability.has_promote_ms());
}

TEST(Rto, OfARestartedPrimaryHasNoPromotion) {
  FakeRecording fake({"p"});
  fake.Leads("p", 900, 1, 0).Event(1500, RunEvent::KILLED, "p");
  fake.Started("p", 1590).Leads("p", 1590, 2, 0);
  fake.Event(1600, RunEvent::RESTARTED, "p").Write(1, 1, 1610, 1620, proto::COMMITTED, 2, 1);
  const auto availability = Measure(fake.Done());
  EXPECT_DOUBLE_EQ(availability.rto_ms(), 120);
  EXPECT_FALSE(availability.has_promote_ms());
}

TEST(Rto, APauseThatEndedBeforeThePromotionStoppedNothing) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0).Leads("r1", 1640, 2, 1);
  fake.Event(1200, RunEvent::PAUSED, "p").Event(1300, RunEvent::RESUMED, "p");
  fake.Event(1600, RunEvent::PROMOTE_BEGIN, "r1").Event(1650, RunEvent::PROMOTED, "r1");
  fake.Write(1, 1, 1690, 1700, proto::COMMITTED, 2, 2);
  EXPECT_FALSE(Measure(fake.Done()).has_rto_ms());
  EXPECT_EQ(Measure(fake.Done()).failovers(), 0u) << "a planned switchover";
}

// r2 is cut off at 1100 ms, p at 1300 from its client; r1 is promoted at 1600.
FakeRecording TwoCuts() {
  FakeRecording fake({"p", "r1", "r2"});
  fake.Leads("p", 900, 1, 0).Leads("r1", 1640, 2, 1);
  fake.Event(1100, RunEvent::LINK_PARTITIONED, "p", "r2");
  fake.Event(1300, RunEvent::LINK_PARTITIONED, "client", "p");
  fake.Event(1600, RunEvent::PROMOTE_BEGIN, "r1").Event(1650, RunEvent::PROMOTED, "r1");
  fake.Write(1, 1, 1690, 1700, proto::COMMITTED, 2, 2);
  return fake;
}

TEST(Rto, ACutAfterWhichAWriteCommittedStoppedNothing) {
  FakeRecording fake = TwoCuts();
  fake.Write(1, 1, 1200, 1210, proto::COMMITTED, 1, 1);
  fake.Write(2, 1, 1400, 1800, proto::UNKNOWN);
  const auto availability = Measure(fake.Done());
  EXPECT_EQ(availability.failovers(), 1u);
  EXPECT_DOUBLE_EQ(availability.rto_ms(), 400) << "from the cut of the client";
  EXPECT_DOUBLE_EQ(availability.detect_ms(), 300);
}

TEST(Rto, AFaultStoppedNothingWhereNobodyTriedToWrite) {
  const auto availability = Measure(TwoCuts().Done());
  EXPECT_EQ(availability.failovers(), 0u);
  EXPECT_FALSE(availability.has_rto_ms());
}

TEST(Rto, FaultsThatOverlapAreOneOutage) {
  FakeRecording fake = TwoCuts();
  fake.Write(1, 1, 1050, 1060, proto::COMMITTED, 1, 1);
  fake.Write(2, 1, 1200, 1800, proto::UNKNOWN);
  fake.Event(1500, RunEvent::KILLED, "p");
  EXPECT_DOUBLE_EQ(Measure(fake.Done()).rto_ms(), 600) << "from the first cut on, none committed";
}

TEST(Rto, APrimaryThatCannotBeReachedByItsSuccessorIsLost) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0).Leads("r1", 1640, 2, 1);
  fake.Event(1100, RunEvent::LINK_PARTITIONED, "p", "r1");
  fake.Event(1600, RunEvent::PROMOTE_BEGIN, "r1").Event(1650, RunEvent::PROMOTED, "r1");
  fake.Write(1, 1, 1200, 1210, proto::COMMITTED, 1, 2);
  fake.Write(2, 1, 1590, 1695, proto::COMMITTED, 1, 3);
  fake.Write(3, 1, 1690, 1700, proto::COMMITTED, 2, 2);
  const auto availability = Measure(fake.Done());
  EXPECT_EQ(availability.failovers(), 1u);
  EXPECT_DOUBLE_EQ(availability.rto_ms(), 5) << "its own clients went on writing";
  EXPECT_DOUBLE_EQ(
      availability.detect_ms() + availability.promote_ms() + availability.first_write_ms(),
      availability.rto_ms());
}

TEST(Rto, EndsWithTheLoadWhereTheFirstWriteComesAfterIt) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0).Leads("r1", 1940, 2, 1).Event(1700, RunEvent::KILLED, "p");
  fake.Event(1900, RunEvent::PROMOTE_BEGIN, "r1").Event(1950, RunEvent::PROMOTED, "r1");
  fake.Write(1, 1, 1690, 2100, proto::COMMITTED, 2, 2);
  const auto availability = Measure(fake.Done());
  EXPECT_DOUBLE_EQ(availability.rto_ms(), 300);
  EXPECT_TRUE(availability.rto_at_least());
}

TEST(Rto, BeginsWithTheLoadWhereNothingWasEverCommitted) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0).Leads("r1", 1540, 2, 1);
  fake.Event(1100, RunEvent::LINK_PARTITIONED, "p", "r1");
  fake.Event(1500, RunEvent::PROMOTE_BEGIN, "r1").Event(1550, RunEvent::PROMOTED, "r1");
  fake.Write(1, 1, 1050, 1090, proto::UNKNOWN);
  const auto availability = Measure(fake.Done());
  EXPECT_DOUBLE_EQ(availability.rto_ms(), 1000);
  EXPECT_DOUBLE_EQ(availability.unavailable_ms(), 1000);
}

// p is fenced during the load, and another node leads only after it.
FakeRecording LateSuccessor() {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0).Write(1, 1, 1100, 1110, proto::COMMITTED, 1, 1);
  fake.Event(2100, RunEvent::KILLED, "p").Leads("r1", 2500, 3, 1);
  return fake;
}

TEST(Rto, OfAPrimaryThatGaveUpIsCountedWhereTheNextOneLeadsAfterTheLoad) {
  FakeRecording fake = LateSuccessor();
  fake.Trace("p", 1400, TraceKind::kFenced, 2, 1);
  const auto availability = Measure(fake.Done());
  EXPECT_DOUBLE_EQ(availability.rto_ms(), 600);
  EXPECT_TRUE(availability.rto_at_least());
}

TEST(Rto, IsAbsentWhereThePrimaryLedToTheEndOfTheLoad) {
  EXPECT_FALSE(Measure(LateSuccessor().Done()).has_rto_ms());
}

TEST(Rto, AnswersOfAThawedPrimaryDivideTheOutage) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0).Leads("r1", 1740, 2, 1).Event(1200, RunEvent::PAUSED, "p");
  fake.Event(1700, RunEvent::PROMOTE_BEGIN, "r1").Event(1750, RunEvent::PROMOTED, "r1");
  fake.Event(1800, RunEvent::RESUMED, "p");
  fake.Write(1, 1, 1190, 1202, proto::COMMITTED, 1, 1);  // was on its way
  fake.Write(2, 1, 1300, 1801, proto::COMMITTED, 1, 2);  // lay in its socket
  fake.Write(3, 1, 1790, 1802, proto::COMMITTED, 2, 2);
  const auto availability = Measure(fake.Done());
  EXPECT_DOUBLE_EQ(availability.rto_ms(), 599);
  EXPECT_DOUBLE_EQ(availability.unavailable_ms(), 599);
  EXPECT_DOUBLE_EQ(availability.detect_ms() + availability.elect_ms() + availability.promote_ms() +
                       availability.discover_ms() + availability.first_write_ms(),
                   availability.rto_ms());
}

TEST(Down, IsFromADeathToTheNextStart) {
  FakeRecording fake = Failover();
  fake.Started("p", 900).Append("p", 1400, 1, 1).Started("p", 1800).Started("r1", 900);
  fake.Event(1810, RunEvent::RESTARTED, "p");
  const auto availability = Measure(fake.Done());
  ASSERT_EQ(availability.down_size(), 2);
  EXPECT_DOUBLE_EQ(availability.down(0).down_ms(), 300);
  EXPECT_DOUBLE_EQ(availability.down(1).down_ms(), 0);
}

TEST(Down, ADeathAtAFailpointIsWhereTheTraceEnds) {
  FakeRecording fake = Failover();
  fake.Started("p", 900).Trace("p", 1470, TraceKind::kFailpoint, 1, 1).Started("r1", 900);
  const auto availability = Measure(fake.Done());
  EXPECT_DOUBLE_EQ(availability.down(0).down_ms(), 530) << "not 500: noticed 30 ms later";
  EXPECT_DOUBLE_EQ(availability.rto_ms(), 230);
}

TEST(Unavailable, IsTheLongestTimeWithoutACommittedWriteInTheLoad) {
  EXPECT_DOUBLE_EQ(Measure(Failover().Done()).unavailable_ms(), 590);
  FakeRecording none({"p"});
  none.Write(1, 1, 1100, 1110, proto::REJECTED);
  EXPECT_DOUBLE_EQ(Measure(none.Done()).unavailable_ms(), 1000);
}

TEST(Rpo, IsFromTheFirstLostAnswerToTheDeathOrTheLastOne) {
  FakeRecording fake = Failover();
  fake.Write(1, 1, 1470, 1480, proto::COMMITTED, 1, 2);
  EXPECT_DOUBLE_EQ(Measure(fake.Done()).rpo_ms(), 20);
  fake.Write(1, 1, 1490, 1501, proto::COMMITTED, 1, 3);
  const auto availability = Measure(fake.Done());
  EXPECT_EQ(availability.rpo_writes(), 2u);
  EXPECT_DOUBLE_EQ(availability.rpo_ms(), 21) << "an answer was on its way when p died";
  EXPECT_EQ(Measure(Failover().Done()).rpo_writes(), 0u);
  EXPECT_FALSE(Measure(Failover().Done()).has_rpo_ms());
}

TEST(Rpo, OfOneAnswerThatCameAfterTheDeathIsNotZero) {
  FakeRecording fake = Failover();
  fake.Write(1, 1, 1490, 1501, proto::COMMITTED, 1, 2);
  EXPECT_DOUBLE_EQ(Measure(fake.Done()).rpo_ms(), 11) << "since it was asked for";
}

TEST(Rpo, OfASplitBrainReachesToTheLastLostAnswer) {
  FakeRecording fake({"p", "r1"});
  fake.manifest().set_final_primary("r1");
  fake.EmptyLog("r1").Leads("p", 900, 1, 0).Leads("r1", 1240, 2, 0);
  fake.Event(1100, RunEvent::LINK_PARTITIONED, "p", "r1");
  fake.Event(1200, RunEvent::PROMOTE_BEGIN, "r1");
  for (uint64_t i = 1; i <= 8; ++i) {
    const double at = 1100 + 100 * static_cast<double>(i);
    fake.Write(1, 1, at, at + 10, proto::COMMITTED, 1, i, "p");
  }
  EXPECT_DOUBLE_EQ(Measure(fake.Done()).rpo_ms(), 700);
}

// r1 leads from 1200 ms, acknowledges what it was sent while p led, and loses power.
TEST(Rpo, BlamesTheFirstLeadershipThatLacksTheWrite) {
  FakeRecording fake({"p", "r1", "r2"});
  fake.manifest().set_final_primary("r2");
  fake.EmptyLog("r2").Leads("p", 900, 1, 0).Leads("r1", 1200, 2, 0).Leads("r2", 1500, 3, 0);
  fake.Event(1190, RunEvent::PROMOTE_BEGIN, "r1").Event(1400, RunEvent::POWER_LOST, "r1");
  fake.Event(1490, RunEvent::PROMOTE_BEGIN, "r2").Append("r1", 1250, 2, 1);
  fake.Write(1, 1, 1150, 1350, proto::COMMITTED, 2, 1, "r1");
  EXPECT_DOUBLE_EQ(Measure(fake.Done()).rpo_ms(), 50);
  const Recording recording = fake.Done();
  const Fates fates = DecideFates(recording, FinalLog(recording));
  EXPECT_DOUBLE_EQ(fates.writes.first_lost().fault_ms(), 400);
}

TEST(FirstLost, OfASplitBrainSaysHowMuchOfItsEpochTheOthersHad) {
  FakeRecording fake({"p", "r1"});
  fake.manifest().set_final_primary("r1");
  fake.EmptyLog("r1").Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
  fake.Append("p", 1050, 1, 100).Reaches("r1", 1060, 1, 100);
  fake.Event(1100, RunEvent::LINK_PARTITIONED, "p", "r1");
  fake.Event(1200, RunEvent::PROMOTE_BEGIN, "r1").Leads("r1", 1210, 2, 100);
  fake.Append("p", 1300, 1, 215).Reaches("r1", 1290, 2, 801);
  fake.Write(1, 1, 1300, 1310, proto::COMMITTED, 1, 215, "p");
  fake.Trace("p", 1800, TraceKind::kFenced, 2, 0);
  const Recording recording = fake.Done();
  const Fates fates = DecideFates(recording, FinalLog(recording));
  EXPECT_EQ(fates.writes.first_lost().explanation(),
            "1:215 key k0001, acknowledged 0.310 s; r1 had received 100 of epoch 1 when p "
            "acknowledged it, although r1 had been promoted at 0.200 s; p led on until 0.800 s");
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
}  // namespace replsim::availability_test
