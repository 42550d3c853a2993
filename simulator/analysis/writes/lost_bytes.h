// Total size in bytes of the log records of lost acknowledged writes (log_size.h explains the
// sizes), rounded once at the end.
#pragma once

#include <cstdint>
#include <optional>

#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/writes/fates.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Absent if the fates are unknown, or if the primary of a lost write left no trace.
std::optional<uint64_t> AckedLostBytes(const Recording& recording,
                                       const LeadershipHistory& leadership_history,
                                       const Fates& fates);

}  // namespace replsim
