#include "tests/virtual/outage_reference_faults.h"

#include <algorithm>
#include <set>

namespace replsim {
namespace {

using proto::RunEvent;

bool Dies(const RunEvent& event) {
  return event.kind() == RunEvent::KILLED || event.kind() == RunEvent::EXITED ||
         event.kind() == RunEvent::POWER_LOST || event.kind() == RunEvent::FAILED;
}

// In virtual time a death is at its event, and a restart that was asked for kills at once.
void FindDowns(const Recording& recording, std::vector<Span>& spans) {
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    std::set<int64_t> deaths;
    for (const RunEvent& event : recording.events) {
      if (event.node() == recording.nodes[node].id && Dies(event)) deaths.insert(event.time_ns());
    }
    const std::vector<TraceRecord>& trace = *recording.nodes[node].trace;
    for (size_t i = 1; i < trace.size(); ++i) {
      if (!Is(trace[i], TraceKind::kStarted)) continue;
      const int64_t start = trace[i].time_ns;
      bool told = false;
      for (const int64_t death : deaths) told |= StartAfter(recording, node, death) == start;
      if (told) continue;
      int64_t asked = 0;
      for (const RunEvent& event : recording.events) {
        if (event.kind() != RunEvent::RESTARTED || event.node() != recording.nodes[node].id)
          continue;
        if (event.time_ns() < start) continue;
        if (event.begun_ns() <= start) asked = event.begun_ns();
        break;
      }
      deaths.insert(std::max(asked, trace[i - 1].time_ns));
    }
    for (auto death = deaths.begin(); death != deaths.end(); ++death) {
      int64_t end = StartAfter(recording, node, *death).value_or(kForever);
      if (std::next(death) != deaths.end()) end = std::min(end, *std::next(death));
      spans.push_back({"down", recording.nodes[node].id, "", *death, end});
    }
  }
}

std::string KindOf(const RunEvent& event) {
  switch (event.kind()) {
    case RunEvent::PAUSED:
      return "paused";
    case RunEvent::LINK_PARTITIONED:
      return "cut";
    case RunEvent::LINK_SET:
      return "link";
    case RunEvent::DISK_BROKEN:
      return "disk";
    case RunEvent::FLAPPING:
      return "flap";
    case RunEvent::APPLY_SLOWED:
      return event.detail() == "ended" ? "" : "apply";
    case RunEvent::NODE_SLOWED:
      return event.detail() == "ended" ? "" : "share";
    default:
      return "";
  }
}

bool EndsIt(const std::string& kind, const RunEvent& begin, const RunEvent& event) {
  if (event.kind() == RunEvent::HEAL_BEGIN) return kind != "paused";
  if (event.node() != begin.node() || event.peer() != begin.peer()) return false;
  if (event.kind() == begin.kind()) return true;  // another value, or its end
  if (kind == "paused") {
    return event.kind() == RunEvent::RESUMED || event.kind() == RunEvent::STARTED ||
           event.kind() == RunEvent::RESTARTED || Dies(event);
  }
  if (kind == "cut" || kind == "link") return event.kind() == RunEvent::LINK_HEALED;
  if (kind == "disk") return event.kind() == RunEvent::DISK_HEALED;
  if (kind == "flap") return event.kind() == RunEvent::FLAP_ENDED;
  return false;
}

void FindOthers(const Recording& recording, std::vector<Span>& spans) {
  for (size_t i = 0; i < recording.events.size(); ++i) {
    const RunEvent& begin = recording.events[i];
    const std::string kind = KindOf(begin);
    if (kind.empty()) continue;
    Span span{kind, begin.node(), begin.peer(), begin.time_ns(), kForever};
    for (size_t j = i + 1; j < recording.events.size(); ++j) {
      if (!EndsIt(kind, begin, recording.events[j])) continue;
      span.end = recording.events[j].time_ns();
      break;
    }
    spans.push_back(span);
  }
}

}  // namespace

std::optional<int64_t> StartAfter(const Recording& recording, size_t node, int64_t time) {
  for (const TraceRecord& record : *recording.nodes[node].trace) {
    if (Is(record, TraceKind::kStarted) && record.time_ns > time) return record.time_ns;
  }
  return std::nullopt;
}

bool HandedOver(const Recording& recording, const Leads& old, size_t next, int64_t begin) {
  int64_t told = -1;
  for (const TraceRecord& record : *recording.nodes[old.node].trace) {
    if (!Is(record, TraceKind::kHandsOver) || record.epoch != old.epoch) continue;
    if (record.peer == next && record.time_ns <= begin) told = record.time_ns;
  }
  if (told < 0) return false;
  for (const Operation& write : recording.operations) {
    const bool since = write.invoked_ns > told && write.invoked_ns < begin;
    const bool committed = write.is_write == 1 && write.outcome == proto::COMMITTED;
    if (since && committed && write.epoch == old.epoch) return false;
  }
  return true;
}

std::vector<Leads> FindLeads(const Recording& recording) {
  std::vector<Leads> all;
  for (size_t node = 0; node < recording.nodes.size(); ++node) {
    for (const TraceRecord& record : *recording.nodes[node].trace) {
      if (Is(record, TraceKind::kLeads)) {
        all.push_back({record.epoch, node, record.time_ns, std::nullopt, std::nullopt});
      }
    }
  }
  for (Leads& leads : all) {
    const std::vector<TraceRecord>& trace = *recording.nodes[leads.node].trace;
    for (auto record = trace.rbegin(); record != trace.rend(); ++record) {
      if (record->epoch != leads.epoch) continue;
      if (Is(*record, TraceKind::kElected)) leads.elected = record->time_ns;
      if (Is(*record, TraceKind::kStands)) leads.stood = record->time_ns;
    }
  }
  std::sort(all.begin(), all.end(),
            [](const Leads& a, const Leads& b) { return a.epoch < b.epoch; });
  return all;
}

bool Promotes(const Recording& recording, const std::vector<Leads>& all, const RunEvent& event,
              const Leads& led) {
  const int64_t from = event.time_ns();
  if (event.kind() != RunEvent::PROMOTE_BEGIN || from > led.begin) return false;
  if (!event.node().empty() && event.node() != recording.nodes[led.node].id) return false;
  const std::optional<int64_t> start = StartAfter(recording, led.node, from);
  if (start && *start <= led.begin) return false;
  const int64_t stood = led.elected ? led.stood.value_or(led.begin) : led.begin;
  for (const Leads& other : all) {
    if (other.node != led.node || other.begin < from) continue;
    if (other.begin < (other.elected ? led.begin : led.elected ? stood : from)) return false;
  }
  for (const TraceRecord& record : *recording.nodes[led.node].trace) {
    const bool acts = Is(record, TraceKind::kSuspects) || Is(record, TraceKind::kStands);
    if (led.elected && acts && record.time_ns > from && record.time_ns < stood) return false;
  }
  return from <= stood;
}

const Leads* LeaderAt(const std::vector<Leads>& all, int64_t time) {
  const Leads* newest = nullptr;
  for (const Leads& leads : all) {
    if (leads.begin <= time) newest = &leads;
  }
  return newest;
}

std::vector<Span> FindDemotions(const Recording& recording, const Leads& led) {
  const NodeRecording& node = recording.nodes[led.node];
  std::vector<Span> spans;
  for (const TraceRecord& record : *node.trace) {
    if (!Is(record, TraceKind::kStepsDown) || record.epoch != led.epoch) continue;
    for (const RunEvent& event : recording.events) {
      if (event.kind() != RunEvent::DEMOTED || event.node() != node.id) continue;
      if (event.begun_ns() > record.time_ns || event.time_ns() < record.time_ns) continue;
      spans.push_back({"demoted", node.id, "", record.time_ns, kForever});
    }
  }
  return spans;
}

std::vector<Span> FindSpans(const Recording& recording) {
  std::vector<Span> spans;
  FindDowns(recording, spans);
  FindOthers(recording, spans);
  return spans;
}

std::optional<size_t> OwnerOf(const std::vector<Leads>& all, uint64_t epoch) {
  for (const Leads& leads : all) {
    if (leads.epoch == epoch) return leads.node;
  }
  return std::nullopt;
}

std::optional<int64_t> GaveUp(const Recording& recording, const Leads& led, int64_t until) {
  bool began = false;
  for (const TraceRecord& record : *recording.nodes[led.node].trace) {
    const bool leads = Is(record, TraceKind::kLeads);
    if (began && (leads || Is(record, TraceKind::kStarted))) break;
    began |= leads && record.epoch == led.epoch;
    const bool ends = Is(record, TraceKind::kStepsDown) || Is(record, TraceKind::kFenced);
    if (began && ends && record.time_ns <= until) return record.time_ns;
  }
  return std::nullopt;
}

std::pair<int64_t, int64_t> LongestGap(std::set<int64_t> instants, int64_t stop, int64_t end) {
  instants.insert({stop, end});
  std::pair<int64_t, int64_t> longest{stop, stop};
  for (auto one = instants.find(stop); std::next(one) != instants.end(); ++one) {
    const bool longer = *std::next(one) - *one >= longest.second - longest.first;
    if (longer) longest = {*one, *std::next(one)};
  }
  return longest;
}

}  // namespace replsim
