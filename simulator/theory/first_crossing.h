// How the PBS paper (Bailis et al., VLDB 2012) measured t-visibility. It raises t in steps, reads
// anew at every step, and takes the first t at which the share of fresh reads reaches the one asked
// for. Every step is one more chance to reach it by luck, so this comes out below the exact
// quantile; whoever compares the paper's numbers with exact ones finds a difference that is not in
// the model.
#pragma once

#include "simulator/theory/trial_sample.h"

namespace replsim {

struct Sweep {
  double share = 0.999;
  int reads = 50'000;  // at every step
  double step_ms = 1;
};

// What repeating the sweep gives: 5 %, half and 95 % of the repetitions end at or before these.
struct FirstCrossing {
  double p5_ms = 0;
  double median_ms = 0;
  double p95_ms = 0;
};

// The reads of a step are drawn from `fresh_after_ms` with replacement, so those that are stale at
// t number Binomial(reads, share of the sample above t), and the distribution of the first crossing
// follows step by step: no repetition is drawn, and there is no noise but the sample's own.
FirstCrossing FirstCrossingOf(const Empirical& fresh_after_ms, const Sweep& sweep);

// P(X <= most) for X of Binomial(n, p).
double BinomialAtMost(int most, int n, double p);

}  // namespace replsim
