#include "simulator/analysis/availability/recovery.h"

#include <algorithm>

#include "common/base/time.h"

namespace replsim {
namespace {

// When the leadership first committed a write of its own while not degraded; absent if it never
// did.
std::optional<int64_t> FirstProtectedCommit(const Leadership& leader,
                                            const std::vector<TraceRecord>& trace) {
  bool degraded = false;
  for (const TraceRecord& record : trace) {
    if (record.epoch != leader.epoch || record.time_ns < leader.begin_ns) continue;
    const auto kind = static_cast<TraceKind>(record.kind);
    if (kind == TraceKind::kDegraded) degraded = true;
    if (kind == TraceKind::kProtected) degraded = false;
    const bool own = kind == TraceKind::kCommit && record.lsn > leader.after_lsn;
    if (own && !degraded) return record.time_ns;
  }
  return std::nullopt;
}

void AddRedundancy(const Recording& recording, const Leadership& leader, bool last,
                   proto::Recovery& out) {
  const std::optional<int64_t> met =
      FirstProtectedCommit(leader, *recording.nodes[leader.node].trace);
  if (met) {
    out.set_redundancy_ms(std::max(out.redundancy_ms(), MillisFrom(*met - leader.begin_ns)));
  } else if (last) {
    out.set_never_redundant(1);
  }
}

}  // namespace

proto::Recovery MeasureRecovery(const Recording& recording,
                                const LeadershipHistory& leadership_history,
                                const WorkloadFacts& facts) {
  proto::Recovery out;
  const std::vector<Leadership>& all = leadership_history.leaderships();
  for (size_t i = 1; i < all.size(); ++i) {
    const Leadership& leader = all[i];
    const bool in_load = leader.begin_ns >= recording.manifest.load_begin_ns() &&
                         leader.begin_ns < recording.manifest.load_end_ns();
    if (!leader.traced || !in_load) continue;
    if (facts.waits_for_replicas == true) {
      AddRedundancy(recording, leader, i + 1 == all.size(), out);
    }
    if (leader.own_from == 0) continue;
    const double age = MillisFrom(leader.begin_ns - leader.lineage[leader.own_from - 1].time_ns);
    out.set_newest_survivor_ms(std::max(out.newest_survivor_ms(), age));
  }
  return out;
}

}  // namespace replsim
