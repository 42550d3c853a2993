#include "simulator/analysis/availability/primary_states.h"

#include <algorithm>

#include "common/base/time.h"
#include "simulator/analysis/evidence/leading_intervals.h"

namespace replsim {
namespace {

// How long of the interval its primary was degraded or rejecting.
int64_t FallenBehind(const Recording& recording, const Leadership& leader,
                     const LeadingInterval& interval) {
  int64_t total = 0;
  int64_t since = 0;  // 0: protected
  const auto until = [&](int64_t time) {
    if (since == 0) return;
    const int64_t from = std::max(since, interval.begin_ns);
    total += std::max<int64_t>(std::min(time, interval.end_ns) - from, 0);
    since = 0;
  };
  for (const TraceRecord& record : *recording.nodes[leader.node].trace) {
    if (record.epoch != leader.epoch) continue;
    const auto kind = static_cast<TraceKind>(record.kind);
    if (kind == TraceKind::kDegraded && since == 0) since = record.time_ns;
    if (kind == TraceKind::kProtected) until(record.time_ns);
  }
  until(interval.end_ns);
  return total;
}

// 0 without an in-sync set.
size_t WantedInSync(const WorkloadFacts& facts, size_t nodes) {
  if (!facts.in_sync_size) return 0;
  const size_t may_lead = nodes - 1 - std::min<size_t>(nodes - 1, facts.never_lead);
  return *facts.in_sync_size > 0 ? std::min<size_t>(may_lead, *facts.in_sync_size) : may_lead;
}

// How long of the interval the stored set had fewer than `wanted` replicas.
int64_t ShortSet(const Recording& recording, const Leadership& leader,
                 const LeadingInterval& interval, size_t wanted) {
  int64_t total = 0;
  int64_t from = interval.begin_ns;
  size_t replicas = 0;
  const auto until = [&](int64_t time) {
    time = std::clamp(time, from, interval.end_ns);
    if (replicas < wanted) total += time - from;
    from = time;
  };
  for (const TraceRecord& record : *recording.nodes[leader.node].trace) {
    if (record.epoch != leader.epoch) continue;
    const bool joins = static_cast<TraceKind>(record.kind) == TraceKind::kJoinsSet;
    if (!joins && static_cast<TraceKind>(record.kind) != TraceKind::kLeavesSet) continue;
    until(record.time_ns);
    joins ? ++replicas : --replicas;
  }
  until(interval.end_ns);
  return total;
}

}  // namespace

proto::RunReport::PrimaryStates MeasurePrimaryStates(const Recording& recording,
                                                     const LeadershipHistory& leadership_history,
                                                     const WorkloadFacts& facts) {
  proto::RunReport::PrimaryStates out;
  if (leadership_history.leaderships().empty()) return out;
  int64_t led = 0;
  int64_t behind = 0;
  int64_t short_set = 0;
  const size_t wanted = WantedInSync(facts, recording.nodes.size());
  bool traced = true;
  for (const LeadingInterval& interval : LeadingIntervals(recording, leadership_history)) {
    const Leadership& leader = leadership_history.leaderships()[interval.leadership];
    led += interval.end_ns - interval.begin_ns;
    traced &= leader.traced;
    if (leader.traced) behind += FallenBehind(recording, leader, interval);
    if (leader.traced) short_set += ShortSet(recording, leader, interval, wanted);
  }
  out.set_no_primary_ms(
      MillisFrom(recording.manifest.load_end_ns() - recording.manifest.load_begin_ns() - led));
  if (!facts.waits_for_replicas) return out;
  if (!*facts.waits_for_replicas) {
    out.set_unguarded_ms(MillisFrom(led));
    return out;
  }
  if (!traced) return out;
  out.set_protected_ms(MillisFrom(led - behind));
  if (facts.in_sync_size) out.set_short_set_ms(MillisFrom(short_set));
  if (facts.on_timeout == "degrade") out.set_degraded_ms(MillisFrom(behind));
  if (facts.on_timeout == "reject") out.set_rejecting_ms(MillisFrom(behind));
  return out;
}

}  // namespace replsim
