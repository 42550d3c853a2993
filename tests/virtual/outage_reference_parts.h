// Splits a failover into its parts, for outage_reference.cc: a second implementation of
// outage_parts.h.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/recording/recording.h"
#include "tests/virtual/outage_reference_faults.h"

namespace replsim {

struct ReferenceParts {
  int64_t detect_ns = 0;
  int64_t elect_ns = 0;
  int64_t promote_ns = 0;
  int64_t discover_ns = 0;
  int64_t first_write_ns = 0;
};

// Splits the outage [begin_ns, end_ns] that `first_write` ended. Absent if neither a promotion nor
// an election led to the epoch that committed the write.
std::optional<ReferenceParts> SplitOutage(const Recording& recording,
                                          const std::vector<Leads>& leads,
                                          const Operation& first_write, int64_t begin_ns,
                                          int64_t end_ns);

}  // namespace replsim
