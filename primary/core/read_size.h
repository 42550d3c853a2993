// How much of the log one read takes for a replica that is behind. What crosses a link for longer
// than a silence may last breaks the stream, and the same read would break the next one: so the
// size adapts to how long acknowledgements take, and outlasts a stream.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/base/time.h"

namespace replsim {

class ReadSize {
 public:
  static constexpr uint64_t kLeast = 4 << 10;
  static constexpr uint64_t kFirst = 64 << 10;
  static constexpr uint64_t kMost = 1 << 20;

  // `patience`: how long a silence may last.
  explicit ReadSize(Nanos patience) : patience_(patience) {}

  uint64_t bytes() const { return bytes_; }
  // Something has been acknowledged so long after it was sent, whatever its size and what went
  // before it. Where twice as much would be in good time as well, the next is twice as much.
  void Acked(Nanos took) {
    if (took < patience_ / 8) bytes_ = std::min(bytes_ * 2, kMost);
    if (took > patience_ / 2) Halve();
  }
  // The stream has ended with something not acknowledged.
  void Halve() { bytes_ = std::max(bytes_ / 2, kLeast); }

 private:
  Nanos patience_;
  uint64_t bytes_ = kFirst;
};

}  // namespace replsim
