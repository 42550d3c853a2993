// Compares published numbers with those of a source of trials.
//
// Two numbers agree if the published one lies in a range around ours. The range grows with the
// statistical error: a few thousand trials agree with almost anything, a million with little.
//   L_r, L_w, medians  3 %, plus the 95 % statistical error between a quantile of the paper's
//                      million operations and ours: usually 1 to 2 %, and 6 % in the heaviest
//                      tail (LNKD-DISK, W of shape 1.51).
//   t                  The 5 to 95 % band of the paper's estimator, extended by one step of its
//                      grid and by the 95 % interval of our sample's exact quantile.
//   P(fresh)           Half a percentage point (two standard errors of 50,000 reads), plus one
//                      unit of the last printed digit, which may be rounded or truncated. For a
//                      published lower bound: one unit of its last digit.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "simulator/theory/first_crossing.h"
#include "simulator/theory/pbs_fits.h"

namespace replsim {

struct PublishedValue {
  double published = 0;
  double ours = 0;
  double low = 0;  // the published number agrees if it is in [low, high]
  double high = 0;

  bool Agrees() const { return low <= published && published <= high; }
};

struct CellResult {
  PublishedCell cell;
  PublishedValue read_ms;
  PublishedValue write_ms;
  PublishedValue t_ms;  // `ours` is the median of the paper's estimator
  FirstCrossing crossing;
  double t_exact_ms = 0;  // the exact quantile

  bool Agrees() const {
    return read_ms.Agrees() && write_ms.Agrees() &&
           (t_ms.Agrees() || !cell.known_difference.empty());
  }
};

struct PointResult {
  absl::string_view fit;  // as in PublishedTexts
  absl::string_view source;
  Quorum quorum;
  double write_rate_per_ms = 0;  // synthetic fits only
  PublishedPoint point;
  PublishedValue value;  // in the point's unit
};

struct Validation {
  // The source of independent trials for a model and a quorum. Default: the WARS model itself;
  // alternatively a cluster with the delays of the model.
  std::function<TrialSource(const WarsModel&, const Quorum&)> trials = ModelTrials;
  uint64_t count = 1'000'000;  // trials per model and quorum; fewer widen the ranges
  uint64_t seed = 1;           // equal seeds give equal results
};

// The cells of Table 4 for this fit, and the numbers of the text for this fit.
std::vector<CellResult> ValidateTable(const Validation& validation, const Fit& fit);
std::vector<PointResult> ValidateText(const Validation& validation, absl::string_view fit);

}  // namespace replsim
