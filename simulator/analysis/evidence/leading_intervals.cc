#include "simulator/analysis/evidence/leading_intervals.h"

#include <algorithm>

#include "simulator/recording/events.h"

namespace replsim {
namespace {

// When the node of `leadership` died after it began to lead; `otherwise` if it did not die.
int64_t DeathOf(const Recording& recording, const Leadership& leadership, int64_t otherwise) {
  const std::string& id = recording.nodes[leadership.node].id;
  for (const proto::RunEvent& event : recording.events) {
    if (event.time_ns() < leadership.begin_ns) continue;
    if (IsDeath(event.kind()) && event.node() == id) return event.time_ns();
  }
  return otherwise;
}

// When the node of `leadership` recorded that it no longer leads; `otherwise` if it did not.
int64_t StandDownOf(const Recording& recording, const Leadership& leadership, int64_t otherwise) {
  if (!leadership.traced) return otherwise;
  for (const TraceRecord& record : *recording.nodes[leadership.node].trace) {
    const auto kind = static_cast<TraceKind>(record.kind);
    if (kind != TraceKind::kFenced && kind != TraceKind::kStepsDown) continue;
    if (record.time_ns >= leadership.begin_ns) return record.time_ns;
  }
  return otherwise;
}

}  // namespace

std::vector<LeadingInterval> LeadingIntervals(const Recording& recording,
                                              const LeadershipHistory& leadership_history) {
  const int64_t load_begin = recording.manifest.load_begin_ns();
  const int64_t load_end = recording.manifest.load_end_ns();
  std::vector<LeadingInterval> intervals;
  const std::vector<Leadership>& all = leadership_history.leaderships();
  for (size_t i = 0; i < all.size(); ++i) {
    const int64_t newer = leadership_history.SupersededAt(all[i].epoch).value_or(load_end);
    const int64_t begin = std::max(all[i].begin_ns, load_begin);
    const int64_t end = std::min({newer, DeathOf(recording, all[i], load_end),
                                  StandDownOf(recording, all[i], load_end), load_end});
    if (begin < end) intervals.push_back({i, begin, end});
  }
  std::sort(
      intervals.begin(), intervals.end(),
      [](const LeadingInterval& a, const LeadingInterval& b) { return a.begin_ns < b.begin_ns; });
  return intervals;
}

}  // namespace replsim
