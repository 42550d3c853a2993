// Leaderships over time, and the log of each: the reference for measuring lag. A lineage is the log
// of one leadership. It starts with the inherited part (appends of older epochs, up to the position
// where the leadership began), followed by the leadership's own appends. Each append carries the
// instant at which the primary of its epoch appended it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/recording/recording.h"

namespace replsim {

// From `time_ns` on, the log held everything up to `lsn`, in total `bytes`.
struct LineagePoint {
  uint64_t lsn = 0;
  uint64_t bytes = 0;
  int64_t time_ns = 0;
};

struct Leadership {
  uint64_t epoch = 0;
  size_t node = 0;
  int64_t begin_ns = 0;
  uint64_t after_lsn = 0;  // its own records begin after this LSN
  uint64_t after_bytes = 0;
  std::optional<size_t> parent;       // index of the leadership whose log it inherited
  bool traced = false;                // false: known from events only; `lineage` is empty
  std::vector<LineagePoint> lineage;  // ascending lsn
  size_t own_from = 0;                // index into lineage of its first own append
};

class LeadershipHistory {
 public:
  explicit LeadershipHistory(const Recording& recording);

  const std::vector<Leadership>& leaderships() const { return leaderships_; }  // ascending epoch
  // Index of the leadership with the highest epoch among those that had begun at `time_ns`.
  std::optional<size_t> LeadingAt(int64_t time_ns) const;
  std::optional<size_t> IndexOf(uint64_t epoch) const;
  // When the first leadership of a higher epoch began; absent if there is none.
  std::optional<int64_t> SupersededAt(uint64_t epoch) const;
  // The last LSN up to which a log that ends at epoch:lsn agrees with the lineage of leadership
  // `reference`.
  uint64_t CommonLsn(uint64_t epoch, uint64_t lsn, size_t reference) const;

 private:
  void FindLeaderships(const Recording& recording);
  void FindParent(const Recording& recording, Leadership& leadership) const;
  void Trace(const Recording& recording, Leadership& leadership) const;

  std::vector<Leadership> leaderships_;
};

}  // namespace replsim
