#include "common/base/rng.h"

#include <bit>
#include <cmath>

#include "common/base/check.h"

namespace replsim {
namespace {

uint64_t SplitMix64(uint64_t& state) {
  uint64_t z = (state += 0x9e3779b97f4a7c15ull);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(uint64_t seed) : seed_(seed) {
  for (uint64_t& word : state_) word = SplitMix64(seed);
}

Rng Rng::Fork(absl::string_view purpose) const {
  uint64_t mixed = seed_;
  for (const char c : purpose) {
    mixed ^= static_cast<unsigned char>(c);
    mixed = SplitMix64(mixed);
  }
  return Rng(mixed);
}

uint64_t Rng::Next() {
  const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

uint64_t Rng::Below(uint64_t bound) {
  REPL_CHECK(bound > 0);
  // Rejection keeps the draw exactly uniform: values below 2^64 mod bound would be favoured.
  const uint64_t threshold = (0 - bound) % bound;
  uint64_t draw = Next();
  while (draw < threshold) draw = Next();
  return draw % bound;
}

double Rng::Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

double Rng::Exponential(double mean) { return -mean * std::log1p(-Unit()); }

// The polar method (Marsaglia and Bray, "A convenient method for generating normal variables", SIAM
// Review 6, 1964). It makes two draws at a time; the second is dropped, because keeping it would be
// state that Fork does not know.
double Rng::Normal(double mean, double deviation) {
  double x = 0;
  double square = 0;
  do {
    x = 2 * Unit() - 1;
    const double y = 2 * Unit() - 1;
    square = x * x + y * y;
  } while (square >= 1 || square == 0);
  return mean + deviation * x * std::sqrt(-2 * std::log(square) / square);
}

}  // namespace replsim
