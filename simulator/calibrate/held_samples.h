// Estimates a distribution of delays from messages that share an ordered link.
//
// Of a message that arrives together with the one before it only an upper bound of its own delay is
// known: it may have waited behind that one. Its sample is left-censored. The estimate is the
// product-limit estimator of E. L. Kaplan and P. Meier (J. Am. Stat. Assoc. 53, 1958) with time
// reversed, which is consistent because the bound depends on earlier messages only. Taking the
// bounds for delays would count every wait twice: virtual time orders messages again.
//
// Pure. Times are nanoseconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "protos/scenario.pb.h"

namespace replsim {

struct DelaySample {
  int64_t ns = 0;
  bool held = false;  // at most `ns`; otherwise exactly
};

// The estimated cumulative distribution: a step function that reaches `share` at `ns`.
class MeasuredDelay {
 public:
  MeasuredDelay() = default;  // no samples
  explicit MeasuredDelay(std::vector<DelaySample> samples);

  bool empty() const { return steps_.empty(); }
  size_t samples() const { return samples_; }
  size_t held() const { return held_; }
  // The shortest delay that at least `at` (0 to 1) of all do not exceed; 0 where there is none.
  int64_t Quantile(double at) const;
  // As a scenario says it: quantiles, as far into the tail as the samples reach; a constant where
  // all agree.
  proto::Delay ToDelay() const;

 private:
  struct Step {
    int64_t ns;
    double share;
  };
  std::vector<Step> steps_;  // ascending in both; the last share is 1
  size_t samples_ = 0;
  size_t held_ = 0;
};

// One message of an ordered link: when it left, and when it was seen to have arrived.
struct Passage {
  int64_t depart_ns = 0;
  int64_t arrive_ns = 0;
  // What the receiver takes to see it when it was idle (proto::Machine.wake).
  int64_t wake_ns = 0;
};

// The link's samples: a message is held if it left before an earlier one arrived, and was seen at
// most `together_ns` after that one. Then its bound is that instant.
std::vector<DelaySample> SamplesOf(std::vector<Passage> passages, int64_t together_ns);

}  // namespace replsim
