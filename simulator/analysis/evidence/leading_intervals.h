// When a primary led and ran. A leadership counts from its beginning until its node dies (killed,
// exited, lost power, failed) or a newer epoch's leadership begins, whichever comes first. A paused
// or cut-off primary leads until then: nobody else does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "simulator/analysis/evidence/lineage.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct LeadingInterval {
  size_t leadership = 0;  // index into lineages.leaderships()
  int64_t begin_ns = 0;
  int64_t end_ns = 0;  // > begin_ns
};

// Within the load, in order of time; they do not overlap.
std::vector<LeadingInterval> LeadingIntervals(const Recording& recording, const Lineages& lineages);

}  // namespace replsim
