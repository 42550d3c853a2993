// The parts of a failover, for outage_reference.cc: a second implementation of what outages.h says
// of detect, promote and first write.
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

// Of the outage [begin_ns, end_ns] that `first_write` ended. Absent where nobody promoted the
// leadership that committed it.
std::optional<ReferenceParts> SplitOutage(const Recording& recording,
                                          const std::vector<Leads>& leads,
                                          const Operation& first_write, int64_t begin_ns,
                                          int64_t end_ns);

}  // namespace replsim
