// Size in bytes, as encoded, of a leadership's log up to a position, from the primary's trace.
// Exact if an append ended at that position, otherwise interpolated between the neighbouring
// appends.
#pragma once

#include <cstdint>

#include "simulator/analysis/evidence/leadership_history.h"

namespace replsim {

double LogBytesUpTo(const Leadership& leadership, uint64_t lsn);

}  // namespace replsim
