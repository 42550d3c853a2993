// Derives the epoch of each log record of one node from the node's trace. A trace record carries
// the epoch that the node knew at that time, which is the epoch of the log records only if these
// are new.
#pragma once

#include <cstdint>
#include <vector>

#include "common/protocol/trace.h"

namespace replsim {

class ContentEpochs {
 public:
  // Feeds the node's trace records, in order of time.
  void Take(const TraceRecord& record);
  // The epoch of the log record at `lsn`, or of the last one before it; 0 where there is none.
  uint64_t EpochAt(uint64_t lsn) const;
  uint64_t last() const { return last_; }

 private:
  void CutTo(uint64_t lsn);

  struct CurveInterval {
    uint64_t first = 0;
    uint64_t epoch = 0;
  };
  std::vector<CurveInterval> stretches_;  // ascending
  uint64_t last_ = 0;
};

}  // namespace replsim
