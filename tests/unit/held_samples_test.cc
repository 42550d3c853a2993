// The estimate of a delay from messages that may have waited behind each other.
#include "simulator/calibrate/held_samples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "common/base/rng.h"
#include "common/config/delay.h"

namespace replsim::held_samples_test {
namespace {

constexpr int64_t kUs = 1'000;
constexpr int64_t kMs = 1'000'000;

// Messages that leave an ordered link at random, `gap_ns` apart in the mean, each with an
// exponential delay of its own.
std::vector<Passage> OrderedLink(size_t count, double gap_ns, double delay_ns) {
  Rng rng(5);
  std::vector<Passage> passages;
  double depart = 0;
  int64_t last = 0;
  for (size_t i = 0; i < count; ++i) {
    depart += rng.Exponential(gap_ns);
    const auto leaves = static_cast<int64_t>(depart);
    last = std::max(last, leaves + static_cast<int64_t>(rng.Exponential(delay_ns)));
    passages.push_back({leaves, last});
  }
  return passages;
}

TEST(HeldSamples, WithoutHeldOnesTheyAreTheirOwnQuantiles) {
  std::vector<DelaySample> samples;
  for (int64_t i = 1; i <= 100; ++i) samples.push_back({i * kUs});
  const MeasuredDelay measured(samples);
  EXPECT_EQ(measured.samples(), 100u);
  EXPECT_EQ(measured.Quantile(0), 1 * kUs);
  EXPECT_EQ(measured.Quantile(0.5), 50 * kUs);
  EXPECT_EQ(measured.Quantile(0.99), 99 * kUs);
  EXPECT_EQ(measured.Quantile(1), 100 * kUs);
}

TEST(HeldSamples, AHeldOneCountsOnlyForWhatIsBelowIt) {
  // P(≤ 3) = 1; one of the three that are at most 3 is 3, so P(≤ 2) = 2/3; the held one says
  // nothing between 2 and 1: P(≤ 1) = 2/3 · 1/2.
  const MeasuredDelay measured({{1}, {2}, {3}, {1, true}});
  EXPECT_EQ(measured.held(), 1u);
  EXPECT_EQ(measured.Quantile(0.5), 1);
  EXPECT_EQ(measured.Quantile(0.51), 2);
  EXPECT_EQ(measured.Quantile(0.75), 2);
  EXPECT_EQ(measured.Quantile(0.76), 3);
}

TEST(HeldSamples, AnOrderedLinksOwnDelayIsFoundBehindItsWaits) {
  // 5 ms of delay, a message every millisecond: most wait behind an earlier one.
  const std::vector<Passage> passages = OrderedLink(200'000, 1.0 * kMs, 5.0 * kMs);
  double seen = 0;
  for (const Passage& passage : passages) {
    seen += static_cast<double>(passage.arrive_ns - passage.depart_ns);
  }
  EXPECT_GT(seen / 200'000, 8.0 * kMs) << "the waits must matter, or this shows nothing";
  const MeasuredDelay measured(SamplesOf(passages, 0));
  EXPECT_GT(measured.held(), 100'000u);
  for (const double at : {0.5, 0.9, 0.99}) {
    const double own = -5.0 * kMs * std::log(1 - at);
    EXPECT_NEAR(static_cast<double>(measured.Quantile(at)), own, 0.05 * own) << at;
  }
}

TEST(HeldSamples, TheOneThatWakesAnIdleNodePaysForIt) {
  const std::vector<DelaySample> samples =
      SamplesOf({{0, 250 * kUs, 50 * kUs}, {100 * kUs, 250 * kUs, 50 * kUs}}, 0);
  EXPECT_EQ(samples[0].ns, 200 * kUs);
  EXPECT_FALSE(samples[0].held);
  EXPECT_EQ(samples[1].ns, 150 * kUs) << "it came at any time until the node looked";
  EXPECT_TRUE(samples[1].held);
}

TEST(HeldSamples, AsAScenarioSaysItTheTailEndsWithTheSamples) {
  std::vector<DelaySample> samples;
  for (int64_t i = 0; i < 1000; ++i) samples.push_back({(100 + i) * kUs});
  const proto::Delay delay = MeasuredDelay(samples).ToDelay();
  EXPECT_EQ(delay.quantiles().begin()->at(), 0);
  EXPECT_EQ(delay.quantiles().rbegin()->at(), 1);
  EXPECT_EQ(std::next(delay.quantiles().rbegin())->at(), 0.998) << "two of 1000 are beyond";
  // And drawn from, it is the distribution again.
  const DelaySampler sampler(delay);
  Rng rng(3);
  std::vector<int64_t> draws;
  for (int i = 0; i < 20'000; ++i) draws.push_back(sampler.Draw(rng).count());
  std::sort(draws.begin(), draws.end());
  EXPECT_NEAR(static_cast<double>(draws[10'000]), 600.0 * kUs, 10.0 * kUs);
  EXPECT_NEAR(static_cast<double>(draws[19'800]), 1090.0 * kUs, 10.0 * kUs);
}

TEST(HeldSamples, WhereAllAgreeTheDelayIsAConstant) {
  const proto::Delay delay = MeasuredDelay({{150 * kUs}, {150 * kUs}}).ToDelay();
  EXPECT_TRUE(delay.quantiles().empty());
  EXPECT_EQ(delay.plus().ns(), 150 * kUs);
}

}  // namespace
}  // namespace replsim::held_samples_test
