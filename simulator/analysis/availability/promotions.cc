#include "simulator/analysis/availability/promotions.h"

#include <algorithm>

namespace replsim {
namespace {

using proto::RunEvent;

class Promotions {
 public:
  Promotions(const Recording& recording, const std::vector<Leadership>& leaderships,
             const ElectionRecords& elections)
      : recording_(recording), all_(leaderships), elections_(elections) {}

  bool BelongsTo(const RunEvent& event, const Leadership& leadership) const {
    const size_t node = leadership.node;
    const int64_t from_ns = event.time_ns();
    if (event.kind() != RunEvent::PROMOTE_BEGIN || from_ns > leadership.begin_ns) return false;
    if (!event.node().empty() && event.node() != recording_.nodes[node].id) return false;
    if (StartedWithin(node, from_ns, leadership.begin_ns)) return false;
    if (LedWithin(node, from_ns, leadership.begin_ns, /*elected_only=*/true)) return false;
    if (!IsElected(elections_, leadership)) return true;
    const int64_t stood_ns =
        elections_.StoodAt(node, leadership.epoch).value_or(leadership.begin_ns);
    return from_ns <= stood_ns && !ActedWithin(node, from_ns, stood_ns) &&
           !LedWithin(node, from_ns, stood_ns, /*elected_only=*/false);
  }

 private:
  bool StartedWithin(size_t node, int64_t after_ns, int64_t until_ns) const {
    const auto& trace = recording_.nodes[node].trace;
    return trace && std::any_of(trace->begin(), trace->end(), [&](const TraceRecord& record) {
             return static_cast<TraceKind>(record.kind) == TraceKind::kStarted &&
                    record.time_ns > after_ns && record.time_ns <= until_ns;
           });
  }

  // Whether a leadership of the node began in [from_ns, until_ns).
  bool LedWithin(size_t node, int64_t from_ns, int64_t until_ns, bool elected_only) const {
    return std::any_of(all_.begin(), all_.end(), [&](const Leadership& other) {
      return other.node == node && other.begin_ns >= from_ns && other.begin_ns < until_ns &&
             (!elected_only || IsElected(elections_, other));
    });
  }

  // Whether the node suspected the primary or stood, after from_ns and before until_ns.
  bool ActedWithin(size_t node, int64_t from_ns, int64_t until_ns) const {
    const std::vector<ElectionRecord>& records = elections_.all();
    return std::any_of(records.begin(), records.end(), [&](const ElectionRecord& record) {
      const bool acts = record.kind == TraceKind::kSuspects || record.kind == TraceKind::kStands;
      return acts && record.node == node && record.time_ns > from_ns && record.time_ns < until_ns;
    });
  }

  const Recording& recording_;
  const std::vector<Leadership>& all_;
  const ElectionRecords& elections_;
};

}  // namespace

bool IsElected(const ElectionRecords& elections, const Leadership& leadership) {
  return elections.FirstOf(TraceKind::kElected, leadership.node, leadership.epoch).has_value();
}

std::vector<const RunEvent*> FindPromotions(const Recording& recording,
                                            const std::vector<Leadership>& leaderships,
                                            const ElectionRecords& elections) {
  const Promotions promotions(recording, leaderships, elections);
  std::vector<const RunEvent*> found(leaderships.size());
  for (size_t i = 0; i < leaderships.size(); ++i) {
    for (const RunEvent& event : recording.events) {
      if (event.time_ns() > leaderships[i].begin_ns) break;
      if (!promotions.BelongsTo(event, leaderships[i])) continue;
      if (std::find(found.begin(), found.end(), &event) == found.end()) found[i] = &event;
    }
  }
  return found;
}

}  // namespace replsim
