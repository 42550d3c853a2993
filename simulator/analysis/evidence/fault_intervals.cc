#include "simulator/analysis/evidence/fault_intervals.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "simulator/recording/events.h"

namespace replsim {
namespace {

using proto::RunEvent;

struct Change {
  Condition kind;
  bool ends = false;
  const char* what = "";  // followed by the event's detail
};

// Changes by events that no fault of a scenario causes directly.
std::optional<Change> ChangeOfProcess(RunEvent::Kind kind) {
  switch (kind) {
    case RunEvent::EXITED:
      return Change{Condition::kDown, false, "ended unexpectedly"};
    case RunEvent::FAILED:
      return Change{Condition::kDown, false, "stopped after a disk failure"};
    case RunEvent::STARTED:
      return Change{Condition::kDown, true};
    case RunEvent::DISK_HEALED:
      return Change{Condition::kDisk, true};
    case RunEvent::FLAP_ENDED:
      return Change{Condition::kFlap, true};
    default:
      return std::nullopt;
  }
}

// Absent if the event neither starts nor ends a fault. The end of a fault that undoes itself is an
// event of the same kind with the detail "ended".
std::optional<Change> ChangeOf(const RunEvent& event) {
  if (const std::optional<Change> change = ChangeOfProcess(event.kind())) return change;
  for (const FaultKind& kind : AllFaultKinds()) {
    if (kind.leaves == Condition::kNone) continue;
    if (kind.event == event.kind()) {
      return Change{kind.leaves, event.detail() == "ended", kind.word};
    }
    if (kind.undone_by == kind.action || kind.undone_by == proto::ACTION_UNSPECIFIED) continue;
    if (KindOf(kind.undone_by).event == event.kind()) return Change{kind.leaves, true};
  }
  return std::nullopt;
}

std::string Words(const std::string& what, const RunEvent& event) {
  return event.detail().empty() ? what : absl::StrCat(what, ": ", event.detail());
}

bool IsKind(const TraceRecord& record, TraceKind kind) {
  return static_cast<TraceKind>(record.kind) == kind;
}

// The starts and ends of one node's processes, as its trace shows them.
class Lives {
 public:
  explicit Lives(const NodeRecording& node) : trace_(node.trace ? &*node.trace : nullptr) {}

  // The first record of this kind after `time_ns`.
  std::optional<int64_t> FirstAfter(int64_t time_ns, TraceKind kind) const {
    if (trace_ == nullptr) return std::nullopt;
    for (auto record = After(time_ns); record != trace_->end(); ++record) {
      if (IsKind(*record, kind)) return record->time_ns;
    }
    return std::nullopt;
  }

  // When the process that ran at `event` stopped running, by death or pause.
  int64_t StopOf(const RunEvent& event, bool already_paused) const {
    const int64_t sent = event.begun_ns() > 0 ? event.begun_ns() : event.time_ns();
    if (trace_ == nullptr) return sent;
    auto end = After(event.time_ns());
    while (end != trace_->end() && !IsKind(*end, TraceKind::kStarted)) ++end;
    if (!already_paused) {
      const auto at_event = After(event.time_ns());
      if (at_event != trace_->begin() && IsKind(*std::prev(at_event), TraceKind::kFailpoint)) {
        return std::prev(at_event)->time_ns;
      }
    }
    if (event.kind() == RunEvent::PAUSED || end == trace_->begin()) return sent;
    return std::max(sent, std::prev(end)->time_ns);
  }

  // All starts but the first, each with the time of the record before it.
  struct Start {
    int64_t time_ns;
    int64_t before_ns;
  };
  std::vector<Start> LaterStarts() const {
    std::vector<Start> starts;
    for (size_t i = 1; trace_ != nullptr && i < trace_->size(); ++i) {
      const TraceRecord& record = (*trace_)[i];
      if (!IsKind(record, TraceKind::kStarted)) continue;
      starts.push_back({record.time_ns, (*trace_)[i - 1].time_ns});
    }
    return starts;
  }

 private:
  std::vector<TraceRecord>::const_iterator After(int64_t time_ns) const {
    return std::upper_bound(trace_->begin(), trace_->end(), time_ns,
                            [](int64_t t, const TraceRecord& r) { return t < r.time_ns; });
  }

  const std::vector<TraceRecord>* trace_;
};

bool IsOfLinksDisksOrSpeed(Condition kind) {
  return kind != Condition::kDown && kind != Condition::kPaused;
}

class Pairing {
 public:
  explicit Pairing(const Recording& recording) : recording_(recording) {
    for (const NodeRecording& node : recording.nodes) lives_.emplace_back(node);
  }

  void Take(const RunEvent& event) {
    if (event.kind() == RunEvent::HEAL_BEGIN) {
      CloseIf(event.time_ns(),
              [](const FaultInterval& open) { return IsOfLinksDisksOrSpeed(open.kind); });
    }
    const std::optional<Change> change = ChangeOf(event);
    if (!change) return;
    const int64_t time = change->ends ? event.time_ns() : BeginOf(event);
    CloseIf(time, [&](const FaultInterval& open) { return Ends(*change, event, open); });
    if (change->ends) return;
    all_.push_back({change->kind, event.node(), event.peer(), Words(change->what, event),
                    event.fault(), time, std::nullopt});
  }

  // Replaces the times at which a node was told to be up by those of the traces: its starts.
  std::vector<FaultInterval> Done() {
    for (FaultInterval& interval : all_) {
      const std::optional<size_t> node = recording_.NodeIndex(interval.node);
      if (!node || interval.kind != Condition::kDown) continue;
      const std::optional<int64_t> end =
          lives_[*node].FirstAfter(interval.begin_ns, TraceKind::kStarted);
      if (end) interval.end_ns = std::min(interval.EndOr(*end), *end);
    }
    for (size_t node = 0; node < lives_.size(); ++node) AddUnannounced(node);
    return std::move(all_);
  }

 private:
  static bool Ends(const Change& change, const RunEvent& event, const FaultInterval& open) {
    if (open.node != event.node() || open.peer != event.peer()) return false;
    if (change.kind == open.kind) return true;
    // Healing a link ends any fault of that link; a death or a restart ends a pause.
    if (event.kind() == RunEvent::LINK_HEALED) return open.kind == Condition::kLink;
    if (change.kind != Condition::kDown) return false;
    return open.kind == Condition::kPaused;
  }

  int64_t BeginOf(const RunEvent& event) const {
    const std::optional<size_t> node = recording_.NodeIndex(event.node());
    if (!node || (!IsDeath(event.kind()) && event.kind() != RunEvent::PAUSED)) {
      return event.time_ns();
    }
    const bool stopped = std::any_of(all_.begin(), all_.end(), [&](const FaultInterval& open) {
      return !open.end_ns && open.node == event.node() &&
             (open.kind == Condition::kPaused || open.kind == Condition::kDown);
    });
    return lives_[*node].StopOf(event, stopped);
  }

  void AddUnannounced(size_t node) {
    const std::string& id = recording_.nodes[node].id;
    for (const Lives::Start& start : lives_[node].LaterStarts()) {
      const bool announced =
          std::any_of(all_.begin(), all_.end(), [&](const FaultInterval& interval) {
            return interval.kind == Condition::kDown && interval.node == id &&
                   interval.end_ns == start.time_ns;
          });
      if (announced) continue;
      const int64_t begin = std::max(start.before_ns, RestartAsked(id, start.time_ns));
      all_.push_back({Condition::kDown, id, "", "restarted", 0, begin, start.time_ns});
    }
  }

  // When the restart that led to this start was requested; 0 if no event shows it.
  int64_t RestartAsked(const std::string& id, int64_t started_ns) const {
    for (const RunEvent& event : recording_.events) {
      if (event.kind() != RunEvent::RESTARTED || event.node() != id) continue;
      if (event.time_ns() < started_ns) continue;
      return event.begun_ns() <= started_ns ? event.begun_ns() : 0;
    }
    return 0;
  }

  template <typename Which>
  void CloseIf(int64_t time_ns, const Which& which) {
    for (FaultInterval& open : all_) {
      if (!open.end_ns && which(open)) open.end_ns = std::max(time_ns, open.begin_ns);
    }
  }

  const Recording& recording_;
  std::vector<Lives> lives_;
  std::vector<FaultInterval> all_;
};

}  // namespace

std::vector<FaultInterval> FindFaultIntervals(const Recording& recording) {
  Pairing pairing(recording);
  for (const RunEvent& event : recording.events) pairing.Take(event);
  return pairing.Done();
}

}  // namespace replsim
