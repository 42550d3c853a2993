// When the primary's writes came, and how many bytes they took, for the lag of what is behind, in
// time and bytes. One sample stands for all writes of a grain, 1 ms at first. Where there would be
// too many samples the grain doubles, and it shrinks again when what is behind catches up: so a lag
// in time is too great by a grain at most, or by its 2,000th part, whichever is more. The bytes of
// a grain are shared evenly among its writes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/core_metrics.h"

namespace replsim {

class WriteTimes {
 public:
  static constexpr size_t kSamplesMax = 4096;
  static constexpr Nanos kGrainMin = Millis(1);

  // What was written up to `last` counts from `now` on; its bytes are unknown.
  WriteTimes(Lsn last, Instant now) : samples_{{now, last, 0}} {}

  // The next write has come. Whether it began a sample: then it is time to trim.
  bool Add(Instant now, uint64_t bytes) {
    Sample& back = samples_.back();
    if (samples_.size() > 1 && now - back.at < grain_) {
      ++back.last;
      back.bytes += bytes;
      return false;
    }
    samples_.push_back({now, back.last + 1, back.bytes + bytes});
    if (samples_.size() > kSamplesMax) Thin();
    return true;
  }

  // All have reached `lsn`; who goes back behind it gets an answer as from the constructor's times.
  void Trim(Lsn lsn) {
    while (samples_.size() > 1 && samples_[1].last <= lsn) samples_.pop_front();
    while (grain_ > kGrainMin && samples_.size() < kSamplesMax / 4) grain_ /= 2;
  }

  // Of something that has reached `lsn`.
  LagGlance LagAt(Lsn lsn) const {
    const Sample& newest = samples_.back();
    if (lsn >= newest.last) return {0, 0, std::nullopt};
    const auto next =
        std::upper_bound(samples_.begin(), samples_.end(), lsn,
                         [](Lsn reached, const Sample& sample) { return reached < sample.last; });
    LagGlance lag{newest.last - lsn, std::nullopt, next->at};
    if (next == samples_.begin()) return lag;
    const Sample& before = *(next - 1);
    const uint64_t reached_of_it =
        (next->bytes - before.bytes) * (lsn - before.last) / (next->last - before.last);
    lag.bytes = newest.bytes - before.bytes - reached_of_it;
    return lag;
  }

  size_t samples() const { return samples_.size(); }

 private:
  struct Sample {
    Instant at;  // of its first write
    Lsn last;
    uint64_t bytes;  // of all writes up to `last`
  };

  // Each two neighbours become one, but for the first.
  void Thin() {
    std::deque<Sample> thinned = {samples_.front()};
    for (size_t i = 1; i < samples_.size(); i += 2) {
      const Sample& end = samples_[std::min(i + 1, samples_.size() - 1)];
      thinned.push_back({samples_[i].at, end.last, end.bytes});
    }
    samples_ = std::move(thinned);
    grain_ *= 2;
  }

  Nanos grain_ = kGrainMin;
  std::deque<Sample> samples_;  // ascending, never empty; nobody asks behind the first one's end
};

}  // namespace replsim
