// Samples of each kind of delay against its closed form. Times are in milliseconds.
#include "common/config/delay.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

namespace replsim::delay_test {
namespace {

constexpr size_t kDraws = 200'000;

DelaySampler Sampler(const std::string& text) {
  proto::Delay delay;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &delay)) << text;
  return DelaySampler(delay);
}

// In ascending order.
std::vector<double> Draws(const std::string& text) {
  const DelaySampler sampler = Sampler(text);
  Rng rng(11);
  std::vector<double> draws;
  for (size_t i = 0; i < kDraws; ++i) {
    draws.push_back(static_cast<double>(sampler.Draw(rng).count()) / 1e6);
  }
  std::sort(draws.begin(), draws.end());
  return draws;
}

double Mean(const std::vector<double>& draws) {
  return std::accumulate(draws.begin(), draws.end(), 0.0) / static_cast<double>(draws.size());
}

// P(delay <= x). Each sample quantile must match the closed form within four standard errors.
using Distribution = std::function<double(double)>;
void ExpectFollows(const std::string& text, double mean, const Distribution& distribution) {
  const std::vector<double> draws = Draws(text);
  EXPECT_NEAR(Mean(draws), mean, 0.01 * mean) << text;
  for (const double q : {0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999}) {
    const double quantile = draws[static_cast<size_t>(q * kDraws)];
    EXPECT_NEAR(distribution(quantile), q, 4 * std::sqrt(q * (1 - q) / kDraws))
        << text << " at " << q;
  }
}

double Normal(double x, double mean, double deviation) {
  return std::erfc((mean - x) / deviation / std::sqrt(2)) / 2;
}
double Exponential(double x, double mean) { return 1 - std::exp(-x / mean); }
double Pareto(double x, double min, double shape) { return 1 - std::pow(min / x, shape); }

constexpr char kUniform[] = "uniform { min { ns: 5000000 } max { ns: 9000000 } }";
constexpr char kNormal[] = "normal { mean { ns: 20000000 } deviation { ns: 3000000 } }";
constexpr char kExponential[] = "exponential { mean { ns: 2000000 } }";
constexpr char kPareto[] = "pareto { min { ns: 235000 } shape: 10 }";

TEST(Delay, NothingIsNoDelay) {
  Rng rng(1);
  EXPECT_EQ(DelaySampler().Draw(rng), Nanos(0));
  EXPECT_TRUE(DelaySampler().IsZero());
  EXPECT_TRUE(DelaySampler(ConstantDelay(Nanos(0))).IsZero());
  EXPECT_FALSE(Sampler(kUniform).IsZero());
}

TEST(Delay, AConstantIsItselfAndDrawsNothing) {
  Rng rng(1);
  Rng untouched(1);
  const DelaySampler sampler(ConstantDelay(Millis(20)));
  EXPECT_EQ(sampler.Draw(rng), Millis(20));
  EXPECT_FALSE(sampler.IsZero());
  EXPECT_EQ(rng.Next(), untouched.Next());
}

TEST(Delay, UniformReachesBothEnds) {
  ExpectFollows(kUniform, 7, [](double x) { return (x - 5) / 4; });
  const std::vector<double> draws = Draws("uniform { min { ns: 3 } max { ns: 5 } }");
  EXPECT_EQ(draws.front(), 3e-6);
  EXPECT_EQ(draws.back(), 5e-6);
}

TEST(Delay, NormalHasItsMeanAndDeviation) {
  ExpectFollows(kNormal, 20, [](double x) { return Normal(x, 20, 3); });
}

TEST(Delay, NormalIsCutAtZero) {
  const std::vector<double> draws =
      Draws("normal { mean { ns: 1000000 } deviation { ns: 2000000 } }");
  EXPECT_EQ(draws.front(), 0);
  const auto zeros = std::upper_bound(draws.begin(), draws.end(), 0.0) - draws.begin();
  EXPECT_NEAR(static_cast<double>(zeros) / kDraws, Normal(0, 1, 2), 0.005);
  // mean Φ(mean/deviation) + deviation φ(mean/deviation)
  EXPECT_NEAR(Mean(draws), 0.691462 + 2 * 0.352065, 0.02);
}

TEST(Delay, ExponentialHasItsMeanAndTail) {
  ExpectFollows(kExponential, 2, [](double x) { return Exponential(x, 2); });
}

TEST(Delay, ParetoHasItsMinimumAndTail) {
  ExpectFollows(kPareto, 0.235 * 10 / 9, [](double x) { return Pareto(x, 0.235, 10); });
  EXPECT_GE(Draws(kPareto).front(), 0.235);
}

TEST(Delay, AMixtureDrawsFromEachPartByItsShare) {
  const std::string text = std::string("mixture { share: 0.9122 ") + kPareto +
                           " } mixture { share: 0.0878 " + kExponential + " }";
  ExpectFollows(text, 0.9122 * 0.235 * 10 / 9 + 0.0878 * 2, [](double x) {
    return 0.9122 * (x < 0.235 ? 0 : Pareto(x, 0.235, 10)) + 0.0878 * Exponential(x, 2);
  });
}

TEST(Delay, SharesNeedNotAddUpToOne) {
  const std::vector<double> draws =
      Draws("mixture { share: 3 plus { ns: 1000000 } } mixture { share: 1 plus { ns: 2000000 } }");
  EXPECT_NEAR(Mean(draws), 1.25, 0.01);
}

constexpr char kMeasured[] =
    "quantiles { at: 0 is { ns: 100000 } } quantiles { at: 0.5 is { ns: 200000 } } "
    "quantiles { at: 0.9 is { ns: 600000 } } quantiles { at: 1 is { ns: 10000000 } }";

TEST(Delay, QuantilesAreMetAndLinearBetweenThem) {
  ExpectFollows(kMeasured, 0.5 * 0.15 + 0.4 * 0.4 + 0.1 * 5.3, [](double x) {
    if (x < 0.2) return 0.5 * (x - 0.1) / 0.1;
    if (x < 0.6) return 0.5 + 0.4 * (x - 0.2) / 0.4;
    return 0.9 + 0.1 * (x - 0.6) / 9.4;
  });
  EXPECT_GE(Draws(kMeasured).front(), 0.1);
  EXPECT_LE(Draws(kMeasured).back(), 10);
  EXPECT_FALSE(Sampler(kMeasured).IsZero());
}

TEST(Delay, TwoEqualQuantilesAreAConstantPart) {
  const std::vector<double> draws = Draws(
      "quantiles { at: 0 is { ns: 7 } } quantiles { at: 0.25 is { ns: 7 } } "
      "quantiles { at: 1 is { ns: 1000007 } }");
  const auto sevens = std::upper_bound(draws.begin(), draws.end(), 7e-6) - draws.begin();
  EXPECT_NEAR(static_cast<double>(sevens) / kDraws, 0.25, 0.005);
}

TEST(Delay, PlusIsAddedToEveryDraw) {
  ExpectFollows(std::string(kExponential) + " plus { ns: 75000000 }", 77,
                [](double x) { return Exponential(x - 75, 2); });
}

TEST(Delay, NoTailLeavesTheRange) {
  const std::vector<double> draws = Draws("pareto { min { ns: 1000 } shape: 0.001 }");
  EXPECT_GE(draws.front(), 0);
  EXPECT_EQ(draws.back(), static_cast<double>(DelaySampler::kLongest.count()) / 1e6);
}

}  // namespace
}  // namespace replsim::delay_test
