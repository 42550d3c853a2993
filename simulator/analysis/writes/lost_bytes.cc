#include "simulator/analysis/writes/lost_bytes.h"

#include <cmath>

#include "simulator/analysis/evidence/log_size.h"

namespace replsim {

std::optional<uint64_t> AckedLostBytes(const Recording& recording,
                                       const LeadershipHistory& leadership_history,
                                       const Fates& fates) {
  if (!fates.writes.has_acked_lost()) return std::nullopt;
  double bytes = 0;
  for (size_t i = 0; i < recording.operations.size(); ++i) {
    if (fates.of[i] != Fate::kAckedLost) continue;
    const Operation& lost = recording.operations[i];
    const std::optional<size_t> index = leadership_history.IndexOf(lost.epoch);
    if (!index || !leadership_history.leaderships()[*index].traced || lost.lsn == 0)
      return std::nullopt;
    const Leadership& leadership = leadership_history.leaderships()[*index];
    bytes += LogBytesUpTo(leadership, lost.lsn) - LogBytesUpTo(leadership, lost.lsn - 1);
  }
  return static_cast<uint64_t>(std::llround(bytes));
}

}  // namespace replsim
