#include "simulator/analysis/availability/outage_parts.h"

#include <algorithm>

namespace replsim {
namespace {

using proto::RunEvent;

bool EndsSuspicion(TraceKind kind) {
  return kind == TraceKind::kAppend || kind == TraceKind::kFollows ||
         kind == TraceKind::kConnected || kind == TraceKind::kLeads || kind == TraceKind::kStarted;
}

// When the node suspected the old primary, within [begin_ns, elected_ns].
std::optional<int64_t> SuspectedAt(const NodeRecording& node, int64_t begin_ns,
                                   int64_t elected_ns) {
  bool suspects = false;  // since before the outage
  if (!node.trace) return std::nullopt;
  for (const TraceRecord& record : *node.trace) {
    if (record.time_ns > elected_ns) break;
    const auto kind = static_cast<TraceKind>(record.kind);
    if (kind == TraceKind::kSuspects && record.time_ns > begin_ns) return record.time_ns;
    if (kind == TraceKind::kSuspects) suspects = true;
    if (EndsSuspicion(kind) && record.time_ns <= begin_ns) suspects = false;
  }
  return suspects ? std::optional(begin_ns) : std::nullopt;
}

struct PartInstants {
  int64_t detected_ns = 0;
  int64_t elected_ns = 0;
  int64_t led_ns = 0;
};

std::optional<PartInstants> OfElection(const Recording& recording, const ElectionRecords& elections,
                                       const Leadership& leader, const RunEvent* promotion,
                                       int64_t begin_ns) {
  const auto elected = elections.FirstOf(TraceKind::kElected, leader.node, leader.epoch);
  if (!elected) return std::nullopt;
  std::optional<int64_t> detected;
  if (promotion != nullptr) detected = promotion->time_ns();
  for (const size_t node : elections.ElectorsOf(leader.node, leader.epoch)) {
    const auto suspected = SuspectedAt(recording.voter(node), begin_ns, *elected);
    if (suspected) detected = std::min(detected.value_or(*suspected), *suspected);
  }
  if (!detected) detected = elections.StoodAt(leader.node, leader.epoch);
  return PartInstants{detected.value_or(*elected), *elected, leader.begin_ns};
}

PartInstants OfPromotion(const Recording& recording, const Leadership& leader,
                         const RunEvent& promotion) {
  PartInstants instants{promotion.time_ns(), promotion.time_ns(), leader.begin_ns};
  for (const RunEvent& event : recording.events) {
    if (event.kind() != RunEvent::PROMOTED || event.time_ns() < promotion.time_ns()) continue;
    if (event.node() != recording.nodes[leader.node].id) continue;
    instants.led_ns = event.time_ns();
    break;
  }
  return instants;
}

std::optional<int64_t> FoundAt(const Recording& recording, const Leadership& leader,
                               int64_t end_ns) {
  for (const RunEvent& event : recording.events) {
    if (event.kind() != RunEvent::PRIMARY_FOUND || event.time_ns() < leader.begin_ns) continue;
    if (event.time_ns() > end_ns) break;
    if (event.node() == recording.nodes[leader.node].id) return event.time_ns();
  }
  return std::nullopt;
}

}  // namespace

std::optional<OutageParts> SplitOutage(const Recording& recording, const ElectionRecords& elections,
                                       const Leadership& leader, const RunEvent* promotion,
                                       int64_t begin_ns, int64_t end_ns) {
  std::optional<PartInstants> instants =
      OfElection(recording, elections, leader, promotion, begin_ns);
  if (!instants && promotion != nullptr) instants = OfPromotion(recording, leader, *promotion);
  if (!instants) return std::nullopt;
  const int64_t detected = std::clamp(instants->detected_ns, begin_ns, end_ns);
  const int64_t elected = std::clamp(instants->elected_ns, detected, end_ns);
  const int64_t led = std::clamp(instants->led_ns, elected, end_ns);
  const int64_t found = std::clamp(FoundAt(recording, leader, end_ns).value_or(led), led, end_ns);
  return OutageParts{detected - begin_ns, elected - detected, led - elected, found - led,
                     end_ns - found};
}

}  // namespace replsim
