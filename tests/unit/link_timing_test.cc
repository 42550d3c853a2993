#include "simulator/cluster/link_timing.h"

#include <gtest/gtest.h>

namespace replsim {
namespace {

constexpr Instant kNow = FromNanos(1'000'000'000);

TEST(LinkTiming, AnUntouchedLinkIsImmediate) {
  LinkTiming link{Rng(1)};
  EXPECT_TRUE(link.IsImmediate());
  EXPECT_EQ(link.Arrival(kNow), kNow);
}

TEST(LinkTiming, JitterIsAddedToTheDelay) {
  LinkTiming link{Rng(1)};
  link.Set({ConstantDelay(Millis(5)), Nanos(3)});
  EXPECT_FALSE(link.IsImmediate());
  for (int i = 0; i < 100; ++i) {
    const Nanos took = link.Arrival(kNow) - kNow;
    EXPECT_GE(took, Millis(5));
    EXPECT_LE(took, Millis(5) + Nanos(3));
  }
  EXPECT_EQ(link.DrawDelay(), Millis(5));
}

TEST(LinkTiming, WhatIsSetReplacesAllOfIt) {
  LinkTiming link{Rng(1)};
  link.Set({ConstantDelay(Millis(5)), Millis(3)});
  link.Set({});
  EXPECT_TRUE(link.IsImmediate());
  EXPECT_EQ(link.Arrival(kNow), kNow);
}

}  // namespace
}  // namespace replsim
