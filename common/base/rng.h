// The only source of randomness: xoshiro256** (Blackman & Vigna, 2018) seeded by SplitMix64.
// Distributions are implemented here, because those of the standard library differ between
// implementations. The same seed gives the same numbers on every machine. Not thread-safe.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace replsim {

class Rng {
 public:
  explicit Rng(uint64_t seed);

  // An independent stream for one purpose. Additional draws from one stream do not change the draws
  // from another. The result depends on the seed and `purpose` only, not on earlier draws.
  Rng Fork(absl::string_view purpose) const;

  uint64_t Next();
  uint64_t Below(uint64_t bound);  // uniform in [0, bound); bound > 0
  double Unit();                   // uniform in [0, 1)
  double Exponential(double mean);
  double Normal(double mean, double deviation);
  bool Chance(double probability) { return Unit() < probability; }

 private:
  uint64_t seed_;
  uint64_t state_[4];
};

}  // namespace replsim
