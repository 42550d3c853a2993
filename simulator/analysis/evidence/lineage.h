// Who led when, and what each leader's log was made of: the reference that lag is measured against.
// A lineage is the log of one leadership: what it inherited (older epochs' appends, up to where it
// began) and then its own appends, each with the instant at which the primary of its epoch appended
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/recording/recording.h"

namespace replsim {

// Everything up to `lsn` was in the log, `bytes` long, from `time_ns` on.
struct LineagePoint {
  uint64_t lsn = 0;
  uint64_t bytes = 0;
  int64_t time_ns = 0;
};

struct Leadership {
  uint64_t epoch = 0;
  size_t node = 0;
  int64_t begin_ns = 0;
  uint64_t after_lsn = 0;  // its own records begin after this one
  uint64_t after_bytes = 0;
  std::optional<size_t> parent;       // the leadership that it took the log over from
  bool traced = false;                // false: known from the events only, `lineage` is empty
  std::vector<LineagePoint> lineage;  // ascending lsn
  size_t own_from = 0;                // index into lineage of its first own append
};

class Lineages {
 public:
  explicit Lineages(const Recording& recording);

  const std::vector<Leadership>& leaderships() const { return leaderships_; }  // ascending epoch
  // Index of the newest epoch's leadership that had begun by then.
  std::optional<size_t> LeadingAt(int64_t time_ns) const;
  std::optional<size_t> IndexOf(uint64_t epoch) const;
  // When a higher epoch than this began; nothing if none ever did.
  std::optional<int64_t> SupersededAt(uint64_t epoch) const;
  // How much of a log that ends at epoch:lsn is also in the lineage of leadership `reference`.
  uint64_t CommonLsn(uint64_t epoch, uint64_t lsn, size_t reference) const;

 private:
  void FindLeaderships(const Recording& recording);
  void FindParent(const Recording& recording, Leadership& leadership) const;
  void Trace(const Recording& recording, Leadership& leadership) const;

  std::vector<Leadership> leaderships_;
};

}  // namespace replsim
