#include "common/stats/median.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace replsim::median_test {
namespace {

TEST(Median, IsTheMiddleValueOrTheMeanOfTheMiddleTwo) {
  EXPECT_EQ(Median({}), std::nullopt);
  EXPECT_EQ(Median({7}), 7);
  EXPECT_EQ(Median({9, 1, 5}), 5);
  EXPECT_EQ(Median({9, 1, 5, 6}), 5.5);
}

TEST(Median, OfWhatNeverEndsMostlyIsInfinite) {
  constexpr double kNever = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Median({kNever, 1, kNever}), kNever);
  EXPECT_EQ(Median({kNever, kNever}), kNever);
}

// Two-sided critical values of the sign test at 5 %, as tabulated (S. Siegel, Nonparametric
// Statistics, 1956, table D): one less than the rank.
TEST(MedianInterval, HasTheRanksOfTheSignTest) {
  const std::vector<size_t> critical = {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7};
  for (size_t n = 6; n <= 25; ++n) EXPECT_EQ(IntervalRank(n), critical[n - 6] + 1) << n;
  EXPECT_EQ(IntervalRank(50), 18u);
  EXPECT_EQ(IntervalRank(100), 40u);
}

TEST(MedianInterval, IsThereFromSixValuesOn) {
  for (size_t n = 0; n < 6; ++n) EXPECT_EQ(IntervalRank(n), 0u) << n;
  EXPECT_EQ(MedianInterval({1, 2, 3, 4, 5}), std::nullopt);
  EXPECT_EQ(MedianInterval({6, 1, 5, 2, 4, 3}), (Interval{1, 6}));
  EXPECT_EQ(MedianInterval({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), (Interval{2, 9}));
}

}  // namespace
}  // namespace replsim::median_test
