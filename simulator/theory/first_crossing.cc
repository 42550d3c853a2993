#include "simulator/theory/first_crossing.h"

#include <cmath>

#include "common/base/check.h"

namespace replsim {

double BinomialAtMost(int most, int n, double p) {
  if (p <= 0 || most >= n) return 1;
  double term = std::exp(n * std::log1p(-p));
  double sum = term;
  for (int k = 0; k < most; ++k) {
    term *= (n - k) / (k + 1.0) * (p / (1 - p));
    sum += term;
  }
  // If the first term underflows, the sum is 0 or NaN (at p = 1); the true probability is then
  // about 0.
  return sum > 0 ? std::fmin(sum, 1) : 0;
}

FirstCrossing FirstCrossingOf(const Empirical& fresh_after_ms, const Sweep& sweep) {
  REPL_CHECK(sweep.step_ms > 0);
  REPL_CHECK(std::isfinite(fresh_after_ms.Quantile(sweep.share)), "the sweep would never end");
  // The largest number of stale reads that still meets the target; 1e-6 absorbs the binary
  // rounding.
  const int stale_most = static_cast<int>(sweep.reads * (1 - sweep.share) + 1e-6);
  FirstCrossing crossing;
  double before = 0;  // the share of sweeps that have ended before this step
  for (uint64_t step = 0; before < 0.95; ++step) {
    const double t_ms = static_cast<double>(step) * sweep.step_ms;
    const double stale = 1 - fresh_after_ms.ShareAtMost(t_ms);
    const double now = before + (1 - before) * BinomialAtMost(stale_most, sweep.reads, stale);
    const auto ended = [&](double share) { return before < share && now >= share; };
    if (ended(0.05)) crossing.p5_ms = t_ms;
    if (ended(0.5)) crossing.median_ms = t_ms;
    if (ended(0.95)) crossing.p95_ms = t_ms;
    before = now;
  }
  return crossing;
}

}  // namespace replsim
