// Published numbers beside those of a source of trials, and whether they agree.
//
// They agree if the published number lies in a range around ours, which chance widens: a few
// thousand trials agree with much, a million with little.
//  - L_r, L_w and medians: 3 %, and what chance adds (95 %) between a quantile of the paper's
//    million operations and ours. Mostly that is 1 to 2 %; in the heaviest tail, LNKD-DISK's W of
//    shape 1.51, it is 6 %.
//  - t: the 5 to 95 % band of the paper's estimator, wider by one step of its grid and by what our
//    own sample leaves open of the exact quantile (95 %).
//  - P(fresh): half a percentage point (two standard errors of 50,000 reads) and one unit of the
//    last digit printed, rounded or cut. A published lower bound: one unit of its last digit.
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
  double low = 0;  // the range in which the published number agrees
  double high = 0;

  bool Agrees() const { return low <= published && published <= high; }
};

struct CellResult {
  PublishedCell cell;
  PublishedValue read_ms;
  PublishedValue write_ms;
  PublishedValue t_ms;  // ours: the median of the paper's estimator
  FirstCrossing crossing;
  double t_exact_ms = 0;  // the quantile itself

  bool Agrees() const {
    return read_ms.Agrees() && write_ms.Agrees() &&
           (t_ms.Agrees() || !cell.known_difference.empty());
  }
};

struct PointResult {
  absl::string_view fit;  // of PublishedTexts
  absl::string_view source;
  Quorum quorum;
  double write_rate_per_ms = 0;  // of a synthetic one
  PublishedPoint point;
  PublishedValue value;  // in the point's unit
};

struct Validation {
  // From a model and a quorum, independent trials: the model's own, or a cluster's with its delays.
  std::function<TrialSource(const WarsModel&, const Quorum&)> trials = ModelTrials;
  uint64_t count = 1'000'000;  // trials for every model and quorum
  uint64_t seed = 1;
};

// The cells of Table 4, and the numbers of the text, that are about this fit.
std::vector<CellResult> ValidateTable(const Validation& validation, const Fit& fit);
std::vector<PointResult> ValidateText(const Validation& validation, absl::string_view fit);

}  // namespace replsim
