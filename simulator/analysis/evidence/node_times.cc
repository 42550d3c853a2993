#include "simulator/analysis/evidence/node_times.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "common/base/time.h"

namespace replsim {
namespace {

// When the node first started: from its trace, otherwise from the events.
std::optional<int64_t> FirstStart(const Recording& recording, size_t node) {
  const NodeRecording& recorded = recording.nodes[node];
  if (recorded.trace && !recorded.trace->empty()) return recorded.trace->front().time_ns;
  for (const proto::RunEvent& event : recording.events) {
    if (event.kind() == proto::RunEvent::STARTED && event.node() == recorded.id) {
      return event.time_ns();
    }
  }
  return std::nullopt;
}

}  // namespace

const char* Name(RecordedState state) {
  switch (state) {
    case RecordedState::kDown:
      return "down";
    case RecordedState::kPaused:
      return "paused";
    case RecordedState::kLeading:
      return "leading";
    case RecordedState::kUp:
      return "up";
  }
  return "?";
}

TimeRanges Merged(TimeRanges intervals) {
  std::erase_if(intervals, [](const TimeRange& i) { return i.begin_ns >= i.end_ns; });
  std::sort(intervals.begin(), intervals.end(),
            [](const TimeRange& a, const TimeRange& b) { return a.begin_ns < b.begin_ns; });
  TimeRanges merged;
  for (const TimeRange& interval : intervals) {
    if (!merged.empty() && interval.begin_ns <= merged.back().end_ns) {
      merged.back().end_ns = std::max(merged.back().end_ns, interval.end_ns);
    } else {
      merged.push_back(interval);
    }
  }
  return merged;
}

bool Contains(const TimeRanges& intervals, int64_t time_ns) {
  return std::any_of(intervals.begin(), intervals.end(), [&](const TimeRange& interval) {
    return interval.begin_ns <= time_ns && time_ns < interval.end_ns;
  });
}

int64_t LengthWithin(const TimeRanges& intervals, int64_t begin_ns, int64_t end_ns) {
  int64_t length = 0;
  for (const TimeRange& interval : intervals) {
    const int64_t from = std::max(interval.begin_ns, begin_ns);
    length += std::max<int64_t>(std::min(interval.end_ns, end_ns) - from, 0);
  }
  return length;
}

NodeTimes::NodeTimes(const Recording& recording, const LeadershipHistory& leadership_history,
                     const std::vector<FaultInterval>& faults)
    : lineages_(leadership_history),
      down_(recording.nodes.size()),
      paused_(recording.nodes.size()) {
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    if (const auto first = FirstStart(recording, node)) down_[node].push_back({0, *first});
  }
  for (const FaultInterval& fault : faults) {
    const std::optional<size_t> node = recording.NodeIndex(fault.node);
    if (!node) continue;
    const TimeRange interval{fault.begin_ns, fault.EndOr(kNeverNs)};
    if (fault.kind == Condition::kDown) down_[*node].push_back(interval);
    if (fault.kind == Condition::kPaused) paused_[*node].push_back(interval);
  }
  for (TimeRanges& intervals : down_) intervals = Merged(std::move(intervals));
  for (TimeRanges& intervals : paused_) intervals = Merged(std::move(intervals));
}

RecordedState NodeTimes::StateAt(size_t node, int64_t time_ns) const {
  if (Contains(down_[node], time_ns)) return RecordedState::kDown;
  if (Contains(paused_[node], time_ns)) return RecordedState::kPaused;
  const std::optional<size_t> leading = lineages_.LeadingAt(time_ns);
  const bool leads = leading && lineages_.leaderships()[*leading].node == node;
  return leads ? RecordedState::kLeading : RecordedState::kUp;
}

}  // namespace replsim
