#include "simulator/analysis/availability/recovery.h"

#include <algorithm>

#include "common/base/time.h"

namespace replsim {
namespace {

bool IsOfPeer(TraceKind kind) {
  return kind >= TraceKind::kPeerReceive && kind <= TraceKind::kPeerApply;
}

// When the leadership first committed a write of its own while not degraded; absent if it never
// did. `may_be_alone`: the sync set may consist of the primary; then a replica must have the write.
std::optional<int64_t> FirstProtectedCommit(const Leadership& leader,
                                            const std::vector<TraceRecord>& trace,
                                            bool may_be_alone) {
  bool degraded = false;
  uint64_t on_replica = 0;  // the newest LSN that the primary knows a replica to have
  for (const TraceRecord& record : trace) {
    if (record.epoch != leader.epoch || record.time_ns < leader.begin_ns) continue;
    const auto kind = static_cast<TraceKind>(record.kind);
    if (kind == TraceKind::kDegraded) degraded = true;
    if (kind == TraceKind::kProtected) degraded = false;
    if (IsOfPeer(kind)) on_replica = std::max(on_replica, record.lsn);
    const bool own = kind == TraceKind::kCommit && record.lsn > leader.after_lsn;
    const bool alone = may_be_alone && on_replica < record.lsn;
    if (own && !degraded && !alone) return record.time_ns;
  }
  return std::nullopt;
}

void AddRedundancy(const Recording& recording, const Leadership& leader, bool may_be_alone,
                   bool last, proto::Recovery& out) {
  const std::optional<int64_t> met =
      FirstProtectedCommit(leader, *recording.nodes[leader.node].trace, may_be_alone);
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
      const bool may_be_alone = facts.in_sync_size.has_value();
      AddRedundancy(recording, leader, may_be_alone, i + 1 == all.size(), out);
    }
    if (leader.own_from == 0) continue;
    const double age = MillisFrom(leader.begin_ns - leader.lineage[leader.own_from - 1].time_ns);
    out.set_newest_survivor_ms(std::max(out.newest_survivor_ms(), age));
  }
  return out;
}

}  // namespace replsim
