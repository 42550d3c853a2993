#include "simulator/theory/closed_forms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "common/base/rng.h"
#include "simulator/theory/wars.h"

namespace replsim::closed_forms_test {
namespace {

TEST(Staleness, AsynchronousWithExponentialDelays) {
  // W of mean 10 ms, R of mean 5 ms: a third of the reads at once is fresh, three quarters 10 ms
  // later, 99.9 % after 65 ms.
  EXPECT_NEAR(1 - AsyncStaleShare(0, 0.1, 0.2), 0.3333, 0.0001);
  EXPECT_NEAR(1 - AsyncStaleShare(10, 0.1, 0.2), 0.7547, 0.0001);
  EXPECT_NEAR(AsyncStaleUntil(0.001, 0.1, 0.2), 65.0, 0.05);
  EXPECT_EQ(AsyncStaleUntil(0.9, 0.1, 0.2), 0) << "stale less often from the beginning";
}

TEST(Staleness, InVersions) {
  EXPECT_NEAR(1 - KStaleShare(3, 1, 1, 2), 0.5556, 0.0001);
  EXPECT_NEAR(1 - KStaleShare(3, 1, 1, 3), 0.7037, 0.0001);
  EXPECT_GT(1 - KStaleShare(3, 1, 1, 5), 0.868);
  EXPECT_GT(1 - KStaleShare(3, 1, 1, 10), 0.98);
  for (const auto& [r, w] : {std::pair(1, 2), std::pair(2, 1)}) {
    EXPECT_NEAR(1 - KStaleShare(3, r, w, 1), 0.6667, 0.0001);
    EXPECT_NEAR(1 - KStaleShare(3, r, w, 2), 0.8889, 0.0001);
    EXPECT_GT(1 - KStaleShare(3, r, w, 5), 0.995);
  }
  EXPECT_EQ(KStaleShare(3, 2, 2, 1), 0) << "R + W > N";
  EXPECT_NEAR(KStaleShare(100, 30, 30, 1), 1.88e-6, 0.005e-6);
  EXPECT_EQ(MonotonicReadsBrokenShare(3, 1, 1, 2), KStaleShare(3, 1, 1, 3));
}

TEST(WaitForReplicas, AnyKOfN) {
  EXPECT_NEAR(KthOfExponentialsMs(1, 4, 0.5), 0.5, 1e-12);
  EXPECT_NEAR(KthOfExponentialsMs(3, 3, 0.1), 10 * (1 + 1 / 2.0 + 1 / 3.0), 1e-12) << "H_N / rate";
  // A write whose acknowledgements take no time, against the model that draws.
  const LatencyMix at_once = {1, 0, 1, 1};
  const TrialSource source = ModelTrials({ExponentialMix(0.5), at_once}, {.n = 5, .r = 1, .w = 3});
  Rng rng(1);
  double sum = 0;
  for (int i = 0; i < 100'000; ++i) sum += source(rng).write_ms;
  EXPECT_NEAR(sum / 100'000, KthOfExponentialsMs(3, 5, 0.5), 0.01);
}

// Lindley's recursion: lag = the rest of the lag before, if any, and its own service.
std::vector<double> SortedLags(double arrival_rate, double service_rate, bool constant) {
  Rng rng(7);
  std::vector<double> lags;
  double lag = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    lag = std::max(0.0, lag - rng.Exponential(1 / arrival_rate));
    lag += constant ? 1 / service_rate : rng.Exponential(1 / service_rate);
    lags.push_back(lag);
  }
  std::sort(lags.begin(), lags.end());
  return lags;
}

double Mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

TEST(ApplyQueue, ExponentialService) {
  EXPECT_NEAR(Mm1MeanLagMs(8, 10), 0.5, 1e-12);
  EXPECT_NEAR(Mm1LagQuantileMs(0.99, 8, 10), 4.605 / 2, 0.001);
  const std::vector<double> lags = SortedLags(8, 10, false);
  EXPECT_NEAR(Mean(lags), Mm1MeanLagMs(8, 10), 0.02);
  EXPECT_NEAR(lags[990'000], Mm1LagQuantileMs(0.99, 8, 10), 0.1);
}

TEST(ApplyQueue, ConstantService) {
  EXPECT_NEAR(Md1MeanLagMs(8, 10), 0.1 + 0.8 / (2 * 10 * 0.2), 1e-12);
  const std::vector<double> lags = SortedLags(8, 10, true);
  EXPECT_NEAR(Mean(lags), Md1MeanLagMs(8, 10), 0.01);
  for (const double share : {0.3, 0.5, 0.9, 0.99}) {
    EXPECT_NEAR(lags[static_cast<size_t>(share * 1e6)], Md1LagQuantileMs(share, 8, 10), 0.05)
        << share;
  }
  EXPECT_EQ(Md1LagQuantileMs(0.1, 8, 10), 0.1) << "a fifth finds nothing before it";
}

TEST(ApplyQueue, AtHighLoadTheTailIsExponential) {
  // Its rate is the root of λ·(e^(s/μ) - 1) = s (Cramér-Lundberg): ten times rarer, ln 10 / s
  // later.
  const double root = 0.02006711;  // of load 0.99, per service time
  const double tenth = Md1LagQuantileMs(0.999, 0.99, 1) - Md1LagQuantileMs(0.99, 0.99, 1);
  EXPECT_NEAR(tenth, 2.302585 / root, 0.01 * tenth);
}

TEST(Outage, CatchesUpWithWhatIsLeftOfTheApplier) {
  EXPECT_NEAR(CatchUpMs(2000, 1, 5), 500, 1e-9);
  EXPECT_EQ(PeakLagMs(2000), 2000);
  EXPECT_NEAR(RedoMs(50e6, 100e3), 500, 1e-9);
}

TEST(LostPrimary, LosesWhatWasOnItsWay) {
  EXPECT_NEAR(ExpectedLoss(1.4, 5), 7, 1e-12) << "1,400 writes a second, 5 ms";
}

}  // namespace
}  // namespace replsim::closed_forms_test
