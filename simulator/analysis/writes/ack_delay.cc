#include "simulator/analysis/writes/ack_delay.h"

#include <algorithm>

namespace replsim {
namespace {

// The position of one peer's stage as the primary knows it.
struct KnownLsn {
  uint64_t lsn = 0;
  size_t next = 0;  // index of the first lineage point beyond `lsn`
};

// Adds a sample for each entry between the known position and record.lsn.
void Learn(const Leadership& leader, const TraceRecord& record, KnownLsn& known,
           Histogram& delays) {
  const std::vector<LineagePoint>& points = leader.lineage;
  while (known.lsn < record.lsn && known.next < points.size()) {
    const LineagePoint& point = points[known.next];
    const uint64_t upto = std::min(point.lsn, record.lsn);
    if (record.time_ns > point.time_ns) {
      delays.Add(record.time_ns - point.time_ns, upto - known.lsn);
    }
    known.lsn = upto;
    if (upto == point.lsn) ++known.next;
  }
}

void Measure(const Leadership& leader, const std::vector<TraceRecord>& trace, AckDelays& delays) {
  std::vector<std::array<KnownLsn, kNodeStages>> known(delays.size());
  for (auto& stages : known) stages.fill({leader.after_lsn, leader.own_from});
  bool leads = false;
  for (const TraceRecord& record : trace) {
    const auto kind = static_cast<TraceKind>(record.kind);
    if (kind == TraceKind::kLeads) leads = record.epoch == leader.epoch;
    if (kind == TraceKind::kStarted) leads = false;
    if (!leads || record.peer >= delays.size()) continue;
    if (kind < TraceKind::kPeerReceive || kind > TraceKind::kPeerApply) continue;
    const size_t stage = record.kind - static_cast<size_t>(TraceKind::kPeerReceive);
    Learn(leader, record, known[record.peer][stage], delays[record.peer][stage]);
  }
}

}  // namespace

AckDelays MeasureAckDelays(const Recording& recording,
                           const LeadershipHistory& leadership_history) {
  AckDelays delays(recording.nodes.size());
  for (const Leadership& leader : leadership_history.leaderships()) {
    if (leader.traced) Measure(leader, *recording.nodes[leader.node].trace, delays);
  }
  return delays;
}

}  // namespace replsim
