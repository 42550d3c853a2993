#include "primary/core/protection.h"

#include <gtest/gtest.h>

namespace replsim::protection_test {
namespace {

constexpr Instant At(int64_t ms) { return FromNanos(ms * 1'000'000); }

TEST(Protection, HoldsUntilItIsToldOtherwise) {
  Protection protection(Millis(100));
  EXPECT_FALSE(protection.Observe(At(0), Lsn(5), Lsn(0)));
  EXPECT_TRUE(protection.holds());
}

TEST(Protection, ComesBackAtOnceWhenTheSetHasEverything) {
  Protection protection(Millis(100));
  protection.FallBehind();
  EXPECT_TRUE(protection.Observe(At(0), Lsn(5), Lsn(5)));
  EXPECT_TRUE(protection.holds());
  EXPECT_FALSE(protection.Observe(At(1), Lsn(6), Lsn(5)));  // reported once
}

TEST(Protection, UnderLoadComesBackWhenWhatTheSetLacksIsYoungerThanHalfTheTimeout) {
  Protection protection(Millis(100));
  protection.FallBehind();
  int64_t ms = 0;
  for (; ms < 200; ++ms) {  // one write per millisecond, the set 80 writes behind
    const Lsn set(ms > 80 ? static_cast<uint64_t>(ms - 80) : 0);
    EXPECT_FALSE(protection.Observe(At(ms), Lsn(static_cast<uint64_t>(ms + 1)), set)) << ms;
  }
  EXPECT_TRUE(protection.Observe(At(ms), Lsn(static_cast<uint64_t>(ms + 1)),
                                 Lsn(static_cast<uint64_t>(ms - 30))));
}

// A quiet time leaves an old sample behind; it says nothing about a write that came after it.
TEST(Protection, DoesNotComeBackForASetThatLacksAnOldWriteAfterAQuietTime) {
  Protection protection(Millis(100));
  EXPECT_FALSE(protection.Observe(At(0), Lsn(5), Lsn(5)));
  EXPECT_FALSE(protection.Observe(At(1), Lsn(6), Lsn(5)));  // a write, then nothing for the timeout
  protection.FallBehind();
  EXPECT_FALSE(protection.Observe(At(101), Lsn(6), Lsn(5)));
  EXPECT_FALSE(protection.holds());
}

}  // namespace
}  // namespace replsim::protection_test
