#include "simulator/cluster/managed/link_timing.h"

#include <gtest/gtest.h>

namespace replsim::link_timing_test {
namespace {

constexpr Instant kNow = FromNanos(1'000'000'000);

TEST(LinkTiming, AnUntouchedLinkIsImmediate) {
  LinkTiming link{Rng(1)};
  EXPECT_TRUE(link.IsImmediate());
  EXPECT_EQ(link.Arrival(kNow, 100), kNow);
}

TEST(LinkTiming, JitterIsAddedToTheDelay) {
  LinkTiming link{Rng(1)};
  link.Set({ConstantDelay(Millis(5)), Nanos(3)});
  EXPECT_FALSE(link.IsImmediate());
  for (int i = 0; i < 100; ++i) {
    const Nanos took = link.Arrival(kNow, 100) - kNow;
    EXPECT_GE(took, Millis(5));
    EXPECT_LE(took, Millis(5) + Nanos(3));
  }
  EXPECT_EQ(link.DrawDelay(), Millis(5));
}

TEST(LinkTiming, WhatIsLostComesARetransmissionTimeoutLater) {
  LinkTiming link{Rng(1)};
  link.Set({ConstantDelay(Millis(5)), Nanos(0), 0, 0.1});
  EXPECT_FALSE(link.IsImmediate());
  int late = 0;
  int later = 0;
  for (int i = 0; i < 10'000; ++i) {
    const Nanos took = link.Arrival(kNow, LinkTiming::kPacketBytes) - kNow;
    const Nanos stall = took - Millis(5);
    // 200 ms, and again 400, 800, …
    EXPECT_EQ((stall / LinkTiming::kRetransmitAfter + 1) & (stall / LinkTiming::kRetransmitAfter),
              0);
    EXPECT_EQ(stall % LinkTiming::kRetransmitAfter, Nanos(0));
    late += stall >= Millis(200) ? 1 : 0;
    later += stall >= Millis(600) ? 1 : 0;
  }
  EXPECT_NEAR(late, 1000, 150);
  EXPECT_NEAR(later, 100, 50);
}

TEST(LinkTiming, AChunkIsLateIfAnyOfItsPacketsIsLost) {
  LinkTiming link{Rng(1)};
  link.Set({ConstantDelay(Nanos(0)), Nanos(0), 0, 0.1});
  int late = 0;
  for (int i = 0; i < 1000; ++i) {
    late += link.Arrival(kNow, 10 * LinkTiming::kPacketBytes) > kNow ? 1 : 0;
  }
  EXPECT_NEAR(late, 651, 60) << "1 - 0.9^10";
}

TEST(LinkTiming, BytesOfOneSegmentShareItsDraws) {
  LinkTiming link{Rng(1)};
  link.Set({ConstantDelay(Millis(5)), Millis(10)});
  for (int i = 0; i < 100; ++i) {
    const Nanos first = link.Arrival(kNow, 64) - kNow;
    EXPECT_EQ(link.ArrivalInSegment(kNow + Micros(4), 64) - kNow, first + Micros(4));
  }
}

TEST(LinkTiming, BytesThatFitThePacketAlreadyBegunDrawNoLossOfTheirOwn) {
  LinkTiming link{Rng(1)};
  link.Set({ConstantDelay(Nanos(0)), Nanos(0), 0, 0.5});
  for (int i = 0; i < 1000; ++i) {
    link.Arrival(kNow, LinkTiming::kPacketBytes - 64);
    EXPECT_EQ(link.ArrivalInSegment(kNow, 64), kNow);
    EXPECT_EQ(link.ArrivalInSegment(kNow, 0), kNow);
  }
}

TEST(LinkTiming, APacketThatASegmentBeginsLaterMayBeLost) {
  LinkTiming link{Rng(1)};
  link.Set({ConstantDelay(Nanos(0)), Nanos(0), 0, 0.1});
  int late = 0;
  for (int i = 0; i < 10'000; ++i) {
    link.Arrival(kNow, LinkTiming::kPacketBytes - 63);
    late += link.ArrivalInSegment(kNow, 64) > kNow ? 1 : 0;
  }
  EXPECT_NEAR(late, 1000, 150);
}

TEST(LinkTiming, WhatIsSetReplacesAllOfIt) {
  LinkTiming link{Rng(1)};
  link.Set({ConstantDelay(Millis(5)), Millis(3), 8});
  link.Arrival(kNow, 100);
  link.Set({});
  EXPECT_TRUE(link.IsImmediate());
  EXPECT_EQ(link.Arrival(kNow, 100), kNow);
}

// 8 Mbit/s: a byte a microsecond.
LinkSpec AByteAMicrosecond(Nanos delay) { return {ConstantDelay(delay), Nanos(0), 8'000'000}; }

TEST(LinkTiming, BytesLeaveAfterThoseBeforeThemThenTakeTheDelay) {
  LinkTiming link{Rng(1)};
  link.Set(AByteAMicrosecond(Millis(20)));
  EXPECT_FALSE(link.IsImmediate());
  EXPECT_EQ(link.Arrival(kNow, 1000), kNow + Millis(21));
  EXPECT_EQ(link.Arrival(kNow, 3000), kNow + Millis(24));
  EXPECT_EQ(link.free_at(), kNow + Millis(4));
  EXPECT_EQ(link.Arrival(kNow + Millis(2), 1000), kNow + Millis(25));
}

TEST(LinkTiming, AnIdleLinkSavesNothingUp) {
  LinkTiming link{Rng(1)};
  link.Set(AByteAMicrosecond(Nanos(0)));
  link.Arrival(kNow, 1000);
  EXPECT_EQ(link.Arrival(kNow + Millis(50), 1000), kNow + Millis(51));
}

TEST(LinkTiming, ALinkIsNeverFasterThanItSays) {
  LinkTiming link{Rng(1)};
  link.Set({ConstantDelay(Nanos(0)), Nanos(0), 3'000'000'000});
  Instant last;
  for (int i = 0; i < 1000; ++i) last = link.Arrival(kNow, 1);
  EXPECT_GE(last - kNow, Nanos(8'000 / 3));
}

TEST(LinkTiming, ASlowLinkTakesSmallChunks) {
  LinkTiming link{Rng(1)};
  EXPECT_GT(link.ChunkBytes(), size_t{1} << 30);
  link.Set({ConstantDelay(Nanos(0)), Nanos(0), 100'000'000});
  EXPECT_EQ(link.ChunkBytes(), 12'500u);
  link.Set({ConstantDelay(Nanos(0)), Nanos(0), 64'000});
  EXPECT_EQ(link.ChunkBytes(), 1'500u);
}

TEST(LinkTiming, NoSlownessLeavesTheRange) {
  LinkTiming link{Rng(1)};
  link.Set({ConstantDelay(Nanos(0)), Nanos(0), 1});
  EXPECT_EQ(link.Arrival(kNow, size_t{1} << 62), kNow + DelaySampler::kLongest);
}

TEST(LinkTiming, NoQueueOfASlowLinkLeavesTheRange) {
  LinkTiming link{Rng(1)};
  link.Set({ConstantDelay(Nanos(0)), Nanos(0), 1});
  for (int i = 0; i < 2000; ++i) {
    EXPECT_GT(link.Arrival(kNow, 1 << 20), kNow);
  }
}

}  // namespace
}  // namespace replsim::link_timing_test
