// The estimator of t-visibility in the PBS paper (Bailis et al., VLDB 2012). It raises t in steps,
// draws new reads at each step, and takes the first t at which the share of fresh reads reaches the
// target. Each step is another chance to reach the target by luck, so the result is below the exact
// quantile. Differences between the paper's numbers and exact ones can come from this estimator,
// not from the model.
#pragma once

#include "simulator/theory/trial_sample.h"

namespace replsim {

struct Sweep {
  double share = 0.999;  // target share of fresh reads
  int reads = 50'000;    // reads per step
  double step_ms = 1;    // step of t
};

// The distribution of the result over repetitions: 5 %, 50 % and 95 % of them end at or before
// these.
struct FirstCrossing {
  double p5_ms = 0;
  double median_ms = 0;
  double p95_ms = 0;
};

// Computes the distribution exactly. The reads of a step are drawn from `fresh_after_ms` with
// replacement, so the number of stale ones at t is Binomial(reads, share of the sample above t). No
// repetition is simulated, so the only noise is that of the sample.
FirstCrossing FirstCrossingOf(const Empirical& fresh_after_ms, const Sweep& sweep);

// P(X <= most) for X of Binomial(n, p).
double BinomialAtMost(int most, int n, double p);

}  // namespace replsim
