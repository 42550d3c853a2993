#include "simulator/theory/wars.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

#include "simulator/theory/first_crossing.h"
#include "simulator/theory/trial_sample.h"

namespace replsim::wars_test {
namespace {

TEST(WarsTrial, FollowsTheModelByHand) {
  // Acknowledged after 3, 12, 40; read answers after 9, 3, 2: the third is the fastest.
  const std::array<ReplicaDelays, 3> replicas = {{{2, 1, 4, 5}, {10, 2, 1, 2}, {30, 10, 1, 1}}};
  const Trial one = TrialOf(replicas, {.n = 3, .r = 1, .w = 1});
  EXPECT_EQ(one.write_ms, 3);
  EXPECT_EQ(one.read_ms, 2);
  EXPECT_EQ(one.fresh_after_ms, 30 - 3 - 1) << "only the third replica answers";
  const Trial two = TrialOf(replicas, {.n = 3, .r = 2, .w = 1});
  EXPECT_EQ(two.read_ms, 3);
  EXPECT_EQ(two.fresh_after_ms, 10 - 3 - 1) << "the second has it sooner";
  const Trial strict = TrialOf(replicas, {.n = 3, .r = 2, .w = 2});
  EXPECT_EQ(strict.write_ms, 12);
  EXPECT_EQ(strict.fresh_after_ms, 0) << "R + W > N";
}

TEST(Empirical, TakesOrderStatistics) {
  const Empirical ten({5, 1, 4, 2, 3, 10, 9, 8, 7, 6});
  EXPECT_EQ(ten.Quantile(0.1), 1);
  EXPECT_EQ(ten.Quantile(0.11), 2);
  EXPECT_EQ(ten.Quantile(1), 10);
  EXPECT_EQ(ten.ShareAtMost(5), 0.5);
  EXPECT_EQ(ten.ShareAtMost(0.5), 0);
  EXPECT_EQ(ten.QuantileInterval(0.5).low, 2);
  EXPECT_EQ(ten.QuantileInterval(0.5).high, 9);
  EXPECT_EQ(ten.QuantileInterval(0.5, 10).low, 1) << "the other sample is as uncertain";
}

TEST(FirstCrossing, IsTheSweepRepeated) {
  EXPECT_NEAR(BinomialAtMost(1, 3, 0.5), 0.5, 1e-12);
  EXPECT_EQ(BinomialAtMost(50, 50'000, 1), 0);
  EXPECT_EQ(BinomialAtMost(50, 50'000, 0), 1);

  Rng rng(3);
  std::vector<double> values;
  for (int i = 0; i < 10'000; ++i) values.push_back(rng.Exponential(10));
  const Empirical fresh_after_ms(values);
  const Sweep sweep = {.share = 0.9, .reads = 500, .step_ms = 0.5};
  const FirstCrossing crossing = FirstCrossingOf(fresh_after_ms, sweep);
  std::vector<double> ends;
  for (int repetition = 0; repetition < 500; ++repetition) {
    double t = -sweep.step_ms;
    for (int fresh = 0; fresh < 450;) {
      t += sweep.step_ms;
      fresh = 0;
      for (int i = 0; i < sweep.reads; ++i) fresh += values[rng.Below(values.size())] <= t;
    }
    ends.push_back(t);
  }
  const Empirical drawn(ends);
  EXPECT_NEAR(crossing.p5_ms, drawn.Quantile(0.05), sweep.step_ms);
  EXPECT_NEAR(crossing.median_ms, drawn.Quantile(0.5), sweep.step_ms);
  EXPECT_NEAR(crossing.p95_ms, drawn.Quantile(0.95), sweep.step_ms);
  EXPECT_LT(crossing.median_ms, fresh_after_ms.Quantile(sweep.share)) << "biased low";
}

TEST(FirstCrossingDeathTest, WantsReadsThatBecomeFresh) {
  const Empirical never({1, std::numeric_limits<double>::infinity()});
  EXPECT_DEATH(FirstCrossingOf(never, {}), "never end");
}

}  // namespace
}  // namespace replsim::wars_test
