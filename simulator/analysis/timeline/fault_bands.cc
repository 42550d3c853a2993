#include "simulator/analysis/timeline/fault_bands.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/evidence/fault_intervals.h"

namespace replsim {
namespace {

using proto::RunEvent;

// What happens in an instant; null: nothing to mark.
const char* MarkOf(RunEvent::Kind event) {
  if (event == RunEvent::HEAL_BEGIN) return "faults healed";
  if (event == RunEvent::CONVERGED) return "converged";
  for (const FaultKind& kind : AllFaultKinds()) {
    const bool instant = kind.leaves == Condition::kNone && *kind.word != '\0';
    if (instant && kind.event == event) return kind.word;
  }
  return nullptr;
}

// One action on several links, or on both directions of one, is one fault to whoever looks.
bool SameFault(const FaultInterval& a, const FaultInterval& b) {
  constexpr int64_t kTogetherNs = 5'000'000;
  const auto together = [](int64_t x, int64_t y) { return std::abs(x - y) < kTogetherNs; };
  return a.fault == b.fault && a.kind == b.kind && a.what == b.what && !a.peer.empty() &&
         together(a.begin_ns, b.begin_ns) && a.end_ns.has_value() == b.end_ns.has_value() &&
         (!a.end_ns || together(*a.end_ns, *b.end_ns));
}

// Names of nodes, of links, and of links in both directions.
std::vector<std::string> NamesOf(const std::vector<const FaultInterval*>& bands) {
  std::vector<std::string> names;
  for (const FaultInterval* band : bands) {
    if (band->peer.empty()) {
      names.push_back(band->node);
      continue;
    }
    const std::string back = absl::StrCat(band->peer, " → ", band->node);
    const auto other = std::find(names.begin(), names.end(), back);
    if (other == names.end()) {
      names.push_back(absl::StrCat(band->node, " → ", band->peer));
    } else {
      *other = absl::StrCat(band->peer, " ↔ ", band->node);
    }
  }
  return names;
}

}  // namespace

void AddFaults(const Recording& recording, proto::Timeline& timeline) {
  const auto seconds = [&](int64_t time_ns) {
    return static_cast<double>(time_ns - recording.manifest.load_begin_ns()) / 1e9;
  };
  for (const RunEvent& event : recording.events) {
    if (const char* text = MarkOf(event.kind())) {
      proto::Timeline::Mark& mark = *timeline.add_marks();
      mark.set_time_s(seconds(event.time_ns()));
      mark.set_text(event.node().empty() ? text : absl::StrCat(event.node(), " ", text));
    }
  }
  const std::vector<FaultInterval> intervals = FindFaultIntervals(recording);
  std::vector<std::vector<const FaultInterval*>> groups;
  for (const FaultInterval& band : intervals) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
      return SameFault(*group.front(), band);
    });
    (same != groups.end() ? *same : groups.emplace_back()).push_back(&band);
  }
  for (const std::vector<const FaultInterval*>& group : groups) {
    proto::Timeline::Fault& fault = *timeline.add_faults();
    fault.set_begin_s(seconds(group.front()->begin_ns));
    if (group.front()->end_ns) fault.set_end_s(seconds(*group.front()->end_ns));
    for (std::string& name : NamesOf(group)) fault.add_on(std::move(name));
    fault.set_what(group.front()->what);
    fault.set_fault(group.front()->fault);
    fault.set_down(group.front()->kind == Condition::kDown ||
                   group.front()->kind == Condition::kPaused);
  }
}

}  // namespace replsim
