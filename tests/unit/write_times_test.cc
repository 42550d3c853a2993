// How far something is behind the newest write, in entries, bytes and time.
#include "primary/core/write_times.h"

#include <gtest/gtest.h>

namespace replsim::write_times_test {
namespace {

Instant AtMs(int64_t ms) { return FromNanos(ms * 1'000'000); }

TEST(WriteTimes, WhoHasEverythingIsNotBehind) {
  WriteTimes times(Lsn(0), AtMs(0));
  times.Add(AtMs(1), 100);
  const LagSnapshot lag = times.LagAt(Lsn(1));
  EXPECT_EQ(lag.entries, 0u);
  EXPECT_EQ(lag.bytes, 0u);
  EXPECT_FALSE(lag.since.has_value());
}

TEST(WriteTimes, WhoIsBehindIsSoSinceTheFirstWriteThatItLacks) {
  WriteTimes times(Lsn(0), AtMs(0));
  for (int64_t i = 1; i <= 10; ++i) times.Add(AtMs(10 * i), static_cast<uint64_t>(100 * i));
  const LagSnapshot lag = times.LagAt(Lsn(7));
  EXPECT_EQ(lag.entries, 3u);
  EXPECT_EQ(lag.bytes, 800u + 900 + 1000);
  EXPECT_EQ(lag.since, AtMs(80));
}

TEST(WriteTimes, WritesOfOneGrainShareItsTimeAndItsBytes) {
  WriteTimes times(Lsn(0), AtMs(0));
  times.Add(AtMs(5), 100);
  times.Add(AtMs(5) + Micros(300), 300);
  times.Add(AtMs(6) + Micros(100), 100);
  EXPECT_EQ(times.samples(), 3u) << "the start, and two grains";
  EXPECT_EQ(times.LagAt(Lsn(1)).since, AtMs(5)) << "at most a grain too much";
  EXPECT_EQ(times.LagAt(Lsn(1)).bytes, 200u + 100);
}

TEST(WriteTimes, WhatWasThereBeforeCountsFromTheStartAndHasNoSizeToTell) {
  WriteTimes times(Lsn(50), AtMs(1000));
  times.Add(AtMs(1100), 100);
  const LagSnapshot lag = times.LagAt(Lsn(20));
  EXPECT_EQ(lag.entries, 31u);
  EXPECT_EQ(lag.since, AtMs(1000));
  EXPECT_FALSE(lag.bytes.has_value());
  EXPECT_EQ(times.LagAt(Lsn(50)).bytes, 100u);
}

TEST(WriteTimes, MemoryIsBoundedAndAnHourOfLagIsStillRightToAThousandth) {
  WriteTimes times(Lsn(0), AtMs(0));
  constexpr int64_t kHourMs = 3'600'000;
  for (int64_t ms = 1; ms <= kHourMs; ++ms) times.Add(AtMs(ms), 10);
  EXPECT_LE(times.samples(), WriteTimes::kSamplesMax);
  for (const int64_t reached : {int64_t{0}, kHourMs / 3, kHourMs - 10'000}) {
    const LagSnapshot lag = times.LagAt(Lsn(static_cast<uint64_t>(reached)));
    const Instant truth = AtMs(reached + 1);
    EXPECT_LE(*lag.since, truth);
    EXPECT_LE(truth - *lag.since, Millis(kHourMs / 1000)) << reached;
    EXPECT_EQ(lag.entries, static_cast<uint64_t>(kHourMs - reached));
    EXPECT_EQ(lag.bytes, 10 * lag.entries);
  }
}

TEST(WriteTimes, WhatAllHaveReachedIsForgottenAndTheGrainIsFineAgain) {
  WriteTimes times(Lsn(0), AtMs(0));
  for (int64_t ms = 1; ms <= 20'000; ++ms) times.Add(AtMs(ms), 10);
  times.Trim(Lsn(20'000));
  EXPECT_EQ(times.samples(), 1u);
  times.Add(AtMs(30'000), 10);
  times.Add(AtMs(30'002), 10);
  EXPECT_EQ(times.LagAt(Lsn(20'001)).since, AtMs(30'002));
}

TEST(WriteTimes, WhoGoesBackBehindWhatIsForgottenHasALagWithoutASize) {
  WriteTimes times(Lsn(0), AtMs(0));
  for (int64_t i = 1; i <= 10; ++i) times.Add(AtMs(10 * i), 100);
  times.Trim(Lsn(10));
  const LagSnapshot lag = times.LagAt(Lsn(4));
  EXPECT_EQ(lag.entries, 6u);
  EXPECT_FALSE(lag.bytes.has_value());
}

}  // namespace
}  // namespace replsim::write_times_test
