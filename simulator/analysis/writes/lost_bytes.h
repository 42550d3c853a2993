// How large the log records of the writes were that were acknowledged and then lost (log_size.h has
// the source of the sizes), rounded to a byte in all.
#pragma once

#include <cstdint>
#include <optional>

#include "simulator/analysis/evidence/lineage.h"
#include "simulator/analysis/writes/fates.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Nothing where the fates are not known, or the primary of a lost write left no trace.
std::optional<uint64_t> AckedLostBytes(const Recording& recording, const Lineages& lineages,
                                       const Fates& fates);

}  // namespace replsim
