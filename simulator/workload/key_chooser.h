// Chooses the key of an operation. Keys are indices from 0. With zipf and hot-spot the lowest keys
// are the hottest (k0000 first), which makes reports easy to read. All draws come from the caller's
// Rng, so the same seed chooses the same keys.
#pragma once

#include <cstdint>

#include "common/base/rng.h"
#include "protos/scenario.pb.h"

namespace replsim {

// Zipf by rejection-inversion (Hörmann and Derflinger, 1996). Exact for every exponent > 0 and any
// number of keys, without a table, with about one draw per key.
class ZipfSampler {
 public:
  ZipfSampler(uint64_t count, double exponent);
  uint64_t Sample(Rng& rng) const;  // rank from 0, hottest first

 private:
  double Density(double x) const;
  double Integral(double x) const;
  double IntegralInverse(double y) const;

  uint64_t count_;
  double exponent_;
  double integral_first_;
  double integral_last_;
  double squeeze_;
};

class KeyChooser {
 public:
  explicit KeyChooser(const proto::Keys& keys);
  uint64_t Choose(Rng& rng) const;
  uint64_t count() const { return count_; }

 private:
  proto::Distribution distribution_;
  uint64_t count_;
  double hot_operations_;
  uint64_t hot_count_;  // hot-spot only: keys [0, hot_count_) are hot
  ZipfSampler zipf_;
};

}  // namespace replsim
