// The one source of randomness: xoshiro256** (Blackman & Vigna, 2018) seeded by SplitMix64. The
// standard library's distributions differ between implementations, so the draws are our own: the
// same seed gives the same numbers everywhere.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace replsim {

class Rng {
 public:
  explicit Rng(uint64_t seed);

  // An independent stream for one purpose, so that drawing more in one place moves no other.
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
