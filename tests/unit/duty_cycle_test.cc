#include "simulator/cluster/managed/duty_cycle.h"

#include <gtest/gtest.h>

namespace replsim::duty_cycle_test {
namespace {

constexpr Instant kSince = FromNanos(1'000'000'000);

TEST(DutyCycle, AllOfAProcessorIsNeverInTheWay) {
  const DutyCycle all;
  EXPECT_TRUE(all.always());
  EXPECT_TRUE(DutyCycle(1, kSince).always());
  EXPECT_EQ(all.NextRunning(kSince + Millis(7)), kSince + Millis(7));
  EXPECT_EQ(all.After(kSince, Millis(25)), kSince + Millis(25));
}

TEST(DutyCycle, ItRunsForItsShareOfEveryPeriod) {
  const DutyCycle fifth(0.2, kSince);  // 2 ms of every 10
  EXPECT_EQ(fifth.NextRunning(kSince + Millis(1)), kSince + Millis(1));
  EXPECT_EQ(fifth.NextRunning(kSince + Millis(2)), kSince + Millis(10));
  EXPECT_EQ(fifth.NextRunning(kSince + Millis(29)), kSince + Millis(30));
  EXPECT_EQ(fifth.EndOfRun(kSince + Millis(11)), kSince + Millis(12));
}

TEST(DutyCycle, WorkGoesOnInTheNextPeriod) {
  const DutyCycle fifth(0.2, kSince);
  EXPECT_EQ(fifth.After(kSince, Millis(2)), kSince + Millis(2));
  EXPECT_EQ(fifth.After(kSince, Millis(3)), kSince + Millis(11));
  EXPECT_EQ(fifth.After(kSince + Millis(1), Millis(5)), kSince + Millis(22));
  EXPECT_EQ(fifth.After(kSince + Millis(5), Millis(1)), kSince + Millis(11));
  // In the long run, a fifth.
  EXPECT_EQ(fifth.After(kSince, Millis(2000)), kSince + Millis(9992));
}

}  // namespace
}  // namespace replsim::duty_cycle_test
