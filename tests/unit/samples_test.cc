#include "common/stats/samples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/base/rng.h"

namespace replsim::samples_test {
namespace {

TEST(Samples, KnowNothingWhenEmpty) {
  Samples samples;
  EXPECT_FALSE(samples.Quantile(0.5).has_value());
  EXPECT_FALSE(samples.min().has_value());
  EXPECT_FALSE(samples.mean().has_value());
}

TEST(Samples, AQuantileIsTheValueOfTheNearestRank) {
  Samples samples;
  for (const int64_t value : {199, 201, 202, 203}) samples.Add(value);
  EXPECT_EQ(samples.Quantile(0.25), 199);
  EXPECT_EQ(samples.Quantile(0.26), 201);
  EXPECT_EQ(samples.Quantile(0.99), 203);
  EXPECT_EQ(samples.Quantile(0), 199);
  EXPECT_EQ(samples.min(), 199);
  EXPECT_EQ(samples.max(), 203);
  EXPECT_DOUBLE_EQ(*samples.mean(), 201.25);
}

TEST(Samples, QuantilesAreExactInWhateverOrderTheyAreAsked) {
  Rng rng(7);
  Samples samples;
  std::vector<int64_t> values;
  for (int i = 0; i < 5000; ++i) {
    values.push_back(static_cast<int64_t>(std::exp2(rng.Unit() * 40)));
    samples.Add(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double share : {0.5, 0.99, 0.999, 0.1, 1.0, 0.5, 0.001}) {
    const auto rank = static_cast<size_t>(std::ceil(share * 5000.0));
    EXPECT_EQ(samples.Quantile(share), values[rank - 1]) << share;
  }
  samples.Add(0);
  EXPECT_EQ(samples.Quantile(0), 0) << "what is added later counts";
}

TEST(Samples, ANegativeValueCountsAsZero) {
  Samples samples;
  samples.Add(-5);
  EXPECT_EQ(samples.min(), 0);
  EXPECT_EQ(samples.mean(), 0);
}

}  // namespace
}  // namespace replsim::samples_test
