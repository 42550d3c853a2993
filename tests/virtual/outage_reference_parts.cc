#include "tests/virtual/outage_reference_parts.h"

#include <algorithm>
#include <string>

namespace replsim {
namespace {

using proto::RunEvent;

// Whether the promotion that this event began made this node lead at `led.begin`: no other
// leadership of the node lies between the two.
bool LedTo(const Recording& recording, const std::vector<Leads>& leads, const RunEvent& event,
           const Leads& led) {
  if (!Promotes(recording, leads, event, led)) return false;
  return std::none_of(leads.begin(), leads.end(), [&](const Leads& other) {
    return other.node == led.node && other.begin >= event.time_ns() && other.begin < led.begin;
  });
}

// Where the supervisor learned of the promotion; where `led` began if it never did.
int64_t PromotedAt(const Recording& recording, const Leads& led, int64_t from) {
  int64_t promoted = led.begin;
  for (auto event = recording.events.rbegin(); event != recording.events.rend(); ++event) {
    if (event->kind() != RunEvent::PROMOTED || event->time_ns() < from) continue;
    if (event->node() == recording.nodes[led.node].id) promoted = event->time_ns();
  }
  return promoted;
}

bool ShowsPrimary(const TraceRecord& record) {
  for (const TraceKind kind : {TraceKind::kAppend, TraceKind::kFollows, TraceKind::kConnected,
                               TraceKind::kLeads, TraceKind::kStarted}) {
    if (Is(record, kind)) return true;
  }
  return false;
}

// From when on the node, which elected `led`, suspected the old primary.
std::optional<int64_t> Suspected(const std::vector<TraceRecord>& trace, const Leads& led,
                                 int64_t begin_ns) {
  std::optional<size_t> before;  // index of the last suspicion that is no later than the beginning
  for (size_t i = 0; i < trace.size(); ++i) {
    if (!Is(trace[i], TraceKind::kSuspects) || trace[i].time_ns > *led.elected) continue;
    if (trace[i].time_ns > begin_ns) return trace[i].time_ns;
    before = i;
  }
  if (!before) return std::nullopt;
  for (size_t i = *before; i < trace.size() && trace[i].time_ns <= begin_ns; ++i) {
    if (trace[i].time_ns <= *led.elected && ShowsPrimary(trace[i])) return std::nullopt;
  }
  return begin_ns;
}

int64_t DetectedAt(const Recording& recording, const std::vector<Leads>& leads, const Leads& led,
                   int64_t begin_ns) {
  int64_t detected = kForever;
  for (const RunEvent& event : recording.events) {
    if (LedTo(recording, leads, event, led)) detected = event.time_ns();
  }
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    const std::vector<TraceRecord>& trace = *recording.nodes[node].trace;
    const bool voted = std::any_of(trace.begin(), trace.end(), [&](const TraceRecord& record) {
      return Is(record, TraceKind::kVotes) && record.peer == led.node &&
             record.epoch == led.epoch && record.time_ns <= led.elected.value_or(kForever);
    });
    if (!voted && node != led.node) continue;
    detected = std::min(detected, Suspected(trace, led, begin_ns).value_or(kForever));
  }
  return detected == kForever ? led.stood.value_or(*led.elected) : detected;
}

}  // namespace

std::optional<ReferenceParts> SplitOutage(const Recording& recording,
                                          const std::vector<Leads>& leads,
                                          const Operation& first_write, int64_t begin_ns,
                                          int64_t end_ns) {
  uint64_t answered_in = first_write.epoch;
  for (const Leads& led : leads) {
    const bool answered = led.node == first_write.node && led.begin <= first_write.completed_ns;
    if (answered) answered_in = std::max(answered_in, led.epoch);
  }
  for (const Leads& led : leads) {
    if (led.epoch != answered_in) continue;
    std::vector<int64_t> ends;  // of the parts
    if (led.elected) {
      ends = {DetectedAt(recording, leads, led, begin_ns), *led.elected, led.begin};
    }
    for (const RunEvent& event : recording.events) {
      if (led.elected || !LedTo(recording, leads, event, led)) continue;
      ends = {event.time_ns(), event.time_ns(), PromotedAt(recording, led, event.time_ns())};
    }
    if (ends.empty()) return std::nullopt;
    ends.push_back(ends.back());
    for (auto event = recording.events.rbegin(); event != recording.events.rend(); ++event) {
      const bool found =
          event->kind() == RunEvent::PRIMARY_FOUND && event->node() == recording.nodes[led.node].id;
      if (found && event->time_ns() >= led.begin && event->time_ns() <= end_ns) {
        ends.back() = event->time_ns();
      }
    }
    ends.push_back(end_ns);
    // Each instant of the outage belongs to the part that had begun last.
    std::vector<int64_t> lengths;
    int64_t at = begin_ns;
    for (const int64_t end : ends) {
      const int64_t next = std::min(std::max(end, at), end_ns);
      lengths.push_back(next - at);
      at = next;
    }
    return ReferenceParts{lengths[0], lengths[1], lengths[2], lengths[3], lengths[4]};
  }
  return std::nullopt;
}

}  // namespace replsim
