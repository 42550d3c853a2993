// The arrival times and sizes of the primary's recent writes, from which the lag of a position in
// time and bytes is computed. For observers. One sample stands for all writes of a grain, which is
// 1 ms at first. The grain doubles when there are too many samples, and shrinks when the slowest
// position catches up. A lag in time is too high by at most one grain or 1/2000 of the lag,
// whichever is more. The bytes of a sample are distributed evenly over its writes.
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

  // Writes up to `last` count as arrived at `now`; their bytes are unknown.
  WriteTimes(Lsn last, Instant now) : samples_{{now, last, 0}} {}

  // The next write has arrived. Returns whether it began a sample; the caller then calls Trim.
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

  // Drops the samples up to `lsn`, which all positions have reached. If a position goes back behind
  // it, its lag in time is a lower bound and its bytes are unknown.
  void Trim(Lsn lsn) {
    while (samples_.size() > 1 && samples_[1].last <= lsn) samples_.pop_front();
    while (grain_ > kGrainMin && samples_.size() < kSamplesMax / 4) grain_ /= 2;
  }

  // The lag of a position that has reached `lsn`.
  LagSnapshot LagAt(Lsn lsn) const {
    const Sample& newest = samples_.back();
    if (lsn >= newest.last) return {0, 0, std::nullopt};
    const auto next =
        std::upper_bound(samples_.begin(), samples_.end(), lsn,
                         [](Lsn reached, const Sample& sample) { return reached < sample.last; });
    LagSnapshot lag{newest.last - lsn, std::nullopt, next->at};
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

  // Merges each two adjacent samples into one, except for the first.
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
  std::deque<Sample> samples_;  // ascending, never empty
};

}  // namespace replsim
