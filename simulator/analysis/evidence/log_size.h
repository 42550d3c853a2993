// How large the log of a leadership was up to a position, as encoded, from the primary's trace:
// exact where an append ended at that position, in proportion between the appends around it.
#pragma once

#include <cstdint>

#include "simulator/analysis/evidence/lineage.h"

namespace replsim {

double LogBytesUpTo(const Leadership& leadership, uint64_t lsn);

}  // namespace replsim
