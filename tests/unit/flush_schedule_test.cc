#include "common/protocol/flush_schedule.h"

#include <gtest/gtest.h>

namespace replsim::flush_schedule_test {
namespace {

Instant At(int64_t ms) { return Instant() + Millis(ms); }

DurabilityKnobs Group(int64_t delay_ms, uint32_t size = 0) {
  DurabilityKnobs knobs;
  knobs.group_delay = Millis(delay_ms);
  knobs.group_size = size;
  return knobs;
}

TEST(FlushSchedule, WithoutADelayAFlushGoesWithTheAppend) {
  FlushSchedule schedule(Group(0), Lsn(0));
  EXPECT_EQ(schedule.mode(), FlushMode::kGroup);
  EXPECT_FALSE(schedule.Due(At(0), Lsn(5), Lsn(0)));
  EXPECT_EQ(schedule.next(), kNever);
}

TEST(FlushSchedule, TheFirstThatWaitsSetsTheTime) {
  FlushSchedule schedule(Group(10), Lsn(0));
  EXPECT_EQ(schedule.mode(), FlushMode::kNone);
  EXPECT_FALSE(schedule.Due(At(0), Lsn(0), Lsn(0)));
  EXPECT_EQ(schedule.next(), kNever);
  EXPECT_FALSE(schedule.Due(At(1), Lsn(1), Lsn(0)));
  EXPECT_FALSE(schedule.Due(At(9), Lsn(7), Lsn(0)));
  EXPECT_EQ(schedule.next(), At(11));
  EXPECT_TRUE(schedule.Due(At(11), Lsn(8), Lsn(0)));
  EXPECT_EQ(schedule.next(), kNever);
  EXPECT_FALSE(schedule.Due(At(12), Lsn(8), Lsn(0))) << "asked for, and not yet done";
}

TEST(FlushSchedule, TheNextGroupGathersWhileTheLastIsFlushed) {
  FlushSchedule schedule(Group(10), Lsn(0));
  EXPECT_FALSE(schedule.Due(At(0), Lsn(1), Lsn(0)));
  EXPECT_TRUE(schedule.Due(At(10), Lsn(1), Lsn(0)));
  EXPECT_FALSE(schedule.Due(At(15), Lsn(2), Lsn(0)));
  EXPECT_EQ(schedule.next(), At(25));
  EXPECT_TRUE(schedule.Due(At(25), Lsn(2), Lsn(0)));
}

TEST(FlushSchedule, SoManyWaitNoLonger) {
  FlushSchedule schedule(Group(10, 3), Lsn(4));
  EXPECT_FALSE(schedule.Due(At(0), Lsn(6), Lsn(4)));
  EXPECT_TRUE(schedule.Due(At(1), Lsn(7), Lsn(4)));
  EXPECT_EQ(schedule.next(), kNever);
  EXPECT_FALSE(schedule.Due(At(2), Lsn(9), Lsn(4)));
  EXPECT_TRUE(schedule.Due(At(12), Lsn(9), Lsn(4)));
}

TEST(FlushSchedule, WhatWasCutIsNotWaitedFor) {
  FlushSchedule schedule(Group(10), Lsn(0));
  EXPECT_FALSE(schedule.Due(At(0), Lsn(9), Lsn(0)));
  schedule.Truncated(Lsn(2));
  EXPECT_EQ(schedule.next(), kNever);
  EXPECT_FALSE(schedule.Due(At(20), Lsn(3), Lsn(2)));
  EXPECT_EQ(schedule.next(), At(30));
}

TEST(FlushSchedule, AnIntervalAsksAgainOnlyAfterTheFlush) {
  DurabilityKnobs knobs;
  knobs.sync = Sync::kInterval;
  knobs.interval = Millis(50);
  FlushSchedule schedule(knobs, Lsn(0));
  EXPECT_FALSE(schedule.Due(At(0), Lsn(1), Lsn(0)));
  EXPECT_TRUE(schedule.Due(At(50), Lsn(2), Lsn(0)));
  EXPECT_FALSE(schedule.Due(At(200), Lsn(3), Lsn(0)));
  EXPECT_EQ(schedule.next(), kNever);
  schedule.Flushed();
  EXPECT_FALSE(schedule.Due(At(201), Lsn(3), Lsn(2)));
  EXPECT_EQ(schedule.next(), At(251));
}

// The log does not answer a flush that has nothing to do.
TEST(FlushSchedule, AnIntervalAsksForNoFlushOfWhatIsFlushedAlready) {
  DurabilityKnobs knobs;
  knobs.sync = Sync::kInterval;
  knobs.interval = Millis(50);
  FlushSchedule schedule(knobs, Lsn(0));
  EXPECT_FALSE(schedule.Due(At(0), Lsn(1), Lsn(0)));
  EXPECT_FALSE(schedule.Due(At(50), Lsn(1), Lsn(1)));
  EXPECT_FALSE(schedule.Due(At(60), Lsn(2), Lsn(1)));
  EXPECT_EQ(schedule.next(), At(110));
  EXPECT_TRUE(schedule.Due(At(110), Lsn(2), Lsn(1)));
}

}  // namespace
}  // namespace replsim::flush_schedule_test
