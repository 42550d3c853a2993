#include "common/stats/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/base/rng.h"

namespace replsim::histogram_test {
namespace {

TEST(Histogram, KnowsNothingWhenEmpty) {
  const Histogram histogram;
  EXPECT_FALSE(histogram.Quantile(0.5).has_value());
  EXPECT_FALSE(histogram.max().has_value());
}

TEST(Histogram, IsExactForSmallValues) {
  Histogram histogram;
  for (int64_t v = 0; v < 256; ++v) histogram.Add(v);
  EXPECT_EQ(histogram.Quantile(0.5), 127);
  EXPECT_EQ(histogram.Quantile(1.0), 255);
  EXPECT_EQ(histogram.min(), 0);
}

TEST(Histogram, QuantilesAreWithinTheirResolutionOverTheWholeRange) {
  Rng rng(7);
  Histogram histogram;
  std::vector<int64_t> values;
  for (int i = 0; i < 20000; ++i) {
    values.push_back(static_cast<int64_t>(std::exp2(rng.Unit() * 61)));
    histogram.Add(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double share : {0.01, 0.1, 0.5, 0.9, 0.99, 0.999}) {
    const auto rank =
        static_cast<size_t>(std::ceil(share * static_cast<double>(values.size()))) - 1;
    const auto exact = static_cast<double>(values[rank]);
    EXPECT_NEAR(static_cast<double>(*histogram.Quantile(share)), exact,
                Histogram::kResolution * exact)
        << share;
  }
  EXPECT_EQ(histogram.max(), values.back());
}

TEST(Histogram, ManyQuantilesInOnePassAreThoseOfOneAfterTheOther) {
  Rng rng(11);
  Histogram histogram;
  EXPECT_TRUE(histogram.Quantiles({0.5}).empty());
  for (int i = 0; i < 300; ++i) {
    const auto from = static_cast<int64_t>(std::exp2(rng.Unit() * 40));
    if (i % 3 == 0)
      histogram.AddRamp(from, from / 2 + 1);
    else
      histogram.Add(from, 1 + rng.Below(1000));
  }
  const std::vector<double> shares = {0, 0, 0.1, 0.5, 0.5, 0.999, 1};
  const std::vector<int64_t> together = histogram.Quantiles(shares);
  ASSERT_EQ(together.size(), shares.size());
  for (size_t i = 0; i < shares.size(); ++i) {
    EXPECT_EQ(together[i], histogram.Quantile(shares[i])) << shares[i];
  }
}

TEST(Histogram, HoldsTheLargestValueThereIs) {
  Histogram histogram;
  histogram.Add(std::numeric_limits<int64_t>::max());
  EXPECT_EQ(histogram.Quantile(0.5), std::numeric_limits<int64_t>::max());
}

TEST(Histogram, WeighsValues) {
  Histogram histogram;
  histogram.Add(10, 99);
  histogram.Add(1000, 1);
  EXPECT_EQ(histogram.Quantile(0.99), 10);
  EXPECT_EQ(histogram.weight(), 100u);
  histogram.Add(5, 0);
  EXPECT_EQ(histogram.min(), 10);
}

TEST(Histogram, ARampIsEachOfItsValuesOnce) {
  Histogram ramp;
  ramp.AddRamp(50, 10'000);
  Histogram one_by_one;
  for (int64_t v = 50; v < 10'050; ++v) one_by_one.Add(v);
  EXPECT_EQ(ramp.weight(), one_by_one.weight());
  EXPECT_EQ(ramp.min(), one_by_one.min());
  EXPECT_EQ(ramp.max(), one_by_one.max());
  for (const double share : {0.001, 0.2, 0.5, 0.99, 1.0}) {
    EXPECT_EQ(ramp.Quantile(share), one_by_one.Quantile(share)) << share;
  }
}

TEST(Histogram, RampsAndValuesAddUpInEveryBucket) {
  Rng rng(3);
  Histogram ramps;
  Histogram one_by_one;
  for (int i = 0; i < 200; ++i) {
    const auto from = static_cast<int64_t>(rng.Unit() * 3000);
    const auto length = static_cast<int64_t>(rng.Unit() * (i % 2 == 0 ? 2000 : 20));
    ramps.AddRamp(from, length);
    for (int64_t v = from; v < from + length; ++v) one_by_one.Add(v);
    ramps.Add(from, 7);
    one_by_one.Add(from, 7);
  }
  EXPECT_EQ(ramps.weight(), one_by_one.weight());
  for (int permille = 0; permille <= 1000; ++permille) {
    EXPECT_EQ(ramps.Quantile(permille / 1000.0), one_by_one.Quantile(permille / 1000.0))
        << permille;
  }
}

TEST(Histogram, TheMeanIsExactAndWeighted) {
  Histogram histogram;
  histogram.Add(1'000'003, 1);
  histogram.Add(11, 3);
  EXPECT_DOUBLE_EQ(*histogram.mean(), (1'000'003.0 + 33) / 4);
  Histogram ramp;
  ramp.AddRamp(100, 50);
  EXPECT_DOUBLE_EQ(*ramp.mean(), 125) << "a ramp grows continuously";
  ramp.Add(0, 50);
  EXPECT_DOUBLE_EQ(*ramp.mean(), 62.5);
  EXPECT_FALSE(Histogram().mean().has_value());
}

TEST(Histogram, AQuantileLiesBetweenMinimumAndMaximum) {
  Histogram histogram;
  histogram.Add(1'000'001);
  EXPECT_EQ(histogram.Quantile(0.5), 1'000'001);
  histogram.Add(1'000'003);
  EXPECT_GE(histogram.Quantile(0.5), 1'000'001);
  EXPECT_LE(histogram.Quantile(0.999), 1'000'003);
}

TEST(Histogram, MergingIsAddingBoth) {
  Histogram a, b, both;
  for (int64_t v = 1; v < 2000; v += 3) (v % 2 ? a : b).Add(v * v), both.Add(v * v);
  a.Merge(b);
  EXPECT_EQ(a.weight(), both.weight());
  EXPECT_EQ(a.Quantile(0.7), both.Quantile(0.7));
  EXPECT_EQ(a.min(), both.min());
  EXPECT_EQ(a.mean(), both.mean());
  a.Merge(Histogram());
  EXPECT_EQ(a.min(), both.min());
}

TEST(Histogram, ANegativeValueCountsAsZero) {
  Histogram histogram;
  histogram.Add(-5);
  EXPECT_EQ(histogram.Quantile(0.5), 0);
}

}  // namespace
}  // namespace replsim::histogram_test
