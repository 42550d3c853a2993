// Estimates a distribution of delays from messages that share an ordered link.
//
// If a message arrives together with the one before it, only an upper bound of its delay is known,
// because it may have waited behind that message: its sample is left-censored. The estimate is the
// product-limit estimator (E. L. Kaplan and P. Meier, J. Am. Stat. Assoc. 53, 1958) with time
// reversed. It is consistent because the bound depends only on earlier messages. Bounds used as
// delays would count every wait twice, because virtual time keeps messages in order as well.
//
// Pure. Times are in ns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "protos/scenario.pb.h"

namespace replsim {

struct DelaySample {
  int64_t ns = 0;
  bool held = false;  // `ns` is an upper bound; otherwise exact
};

// The estimated cumulative distribution: a step function that reaches `share` at `ns`.
class MeasuredDelay {
 public:
  MeasuredDelay() = default;  // no samples
  explicit MeasuredDelay(std::vector<DelaySample> samples);

  bool empty() const { return steps_.empty(); }
  size_t samples() const { return samples_; }
  size_t held() const { return held_; }
  // Returns the shortest delay that at least a share `at` (0 to 1) of all messages do not exceed; 0
  // without samples.
  int64_t Quantile(double at) const;
  // Returns the delay as quantiles, as far into the tail as the samples reach; a constant if all
  // agree.
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

// One message on an ordered link: when it left, and when the receiver noticed it.
struct Passage {
  int64_t depart_ns = 0;
  int64_t arrive_ns = 0;
  // Time that an idle receiver needs to notice it (proto::Machine.wake).
  int64_t wake_ns = 0;
};

// Returns the samples of a link. A message is held if it left before an earlier one arrived and was
// noticed at most `together_ns` after it. Its bound is that arrival.
std::vector<DelaySample> SamplesOf(std::vector<Passage> passages, int64_t together_ns);

}  // namespace replsim
