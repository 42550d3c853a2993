// Splits a failover into its parts, for outage_reference.cc: a second implementation of detect,
// promote and first write in outages.h.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/recording/recording.h"
#include "tests/virtual/outage_reference_faults.h"

namespace replsim {

struct ReferenceParts {
  int64_t detect_ns = 0;
  int64_t promote_ns = 0;
  int64_t first_write_ns = 0;
};

// Splits the outage [begin_ns, end_ns] that `first_write` ended. Absent if no promotion led to the
// epoch that committed the write.
std::optional<ReferenceParts> SplitOutage(const Recording& recording,
                                          const std::vector<Leads>& leads,
                                          const Operation& first_write, int64_t begin_ns,
                                          int64_t end_ns);

}  // namespace replsim
