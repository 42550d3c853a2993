// The time axis of a page: a run cut into equal slots, of each of which only the least and the most
// is kept. A peak of a microsecond survives however long the run is; its shape inside the slot does
// not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "protos/recording.pb.h"
#include "protos/timeline.pb.h"

namespace replsim {

struct Slots {
  int64_t begin_ns = 0;
  int64_t slot_ns = 1;
  size_t count = 0;

  int64_t BeginOf(size_t slot) const { return begin_ns + static_cast<int64_t>(slot) * slot_ns; }
  int64_t end_ns() const { return BeginOf(count); }
  // Of an instant in [begin_ns, end_ns()).
  size_t Of(int64_t time_ns) const { return static_cast<size_t>((time_ns - begin_ns) / slot_ns); }
  bool Contain(int64_t time_ns) const { return time_ns >= begin_ns && time_ns < end_ns(); }
};

// From the load's beginning to the run's end, in a thousand slots or fewer, of a whole number of
// milliseconds each.
Slots FineSlots(const proto::Manifest& manifest);
// The same axis, ten of those slots in one.
Slots CoarseSlots(const Slots& fine);

// Gathers the extremes of a value that holds, or grows, from instant to instant.
class BandBuilder {
 public:
  explicit BandBuilder(const Slots& slots);

  // The value over [from, to): `value` at `from`, growing by `slope` per nanosecond.
  void Cover(int64_t from_ns, int64_t to_ns, double value, double slope = 0);
  // In units of `unit`, rounded to whole ones.
  proto::Timeline::Band ToProto(double unit = 1) const;

 private:
  const Slots slots_;
  std::vector<double> low_;  // not a number: nothing covered it
  std::vector<double> high_;
};

}  // namespace replsim
